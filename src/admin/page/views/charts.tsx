import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Empty, Heads, Panel } from '../parts/panel.tsx';
import { dark, useObservable, useStrings } from '../state.ts';
import type { ChartData, DrawnChart } from './draw-chart.ts';

interface ChartProps {
  title: string;
  chart: ChartData;
  /** Shown instead of an empty chart. */
  empty?: string | null;
  children?: ComponentChildren;
}

/** A chart with its data as a table, for accessibility and for exact figures. */
export function ChartPanel({ title, chart, empty = null, children }: ChartProps) {
  const { overview: strings, figures } = useStrings();
  const { scale } = chart;
  const beyond = scale && scale !== 'logarithmic' && scale.limit !== null ? figures.beyond : null;
  const note = scale === 'logarithmic' ? figures.logarithmic : beyond;
  return (
    <Panel title={title} aside={children}>
      {empty !== null && <Empty>{empty}</Empty>}
      {empty === null && (
        <>
          <Canvas title={title} chart={chart} />
          {note !== null && <p class="quiet note">{note}</p>}
          <details>
            <summary>{strings.asTable}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls */}
            <section class="scroll" tabIndex={0} aria-label={title}>
              <Table chart={chart} />
            </section>
          </details>
        </>
      )}
    </Panel>
  );
}

function Canvas({ title, chart }: { title: string; chart: ChartData }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnChart>(undefined);
  const isDark = useObservable(dark);

  useEffect(() => {
    let over = false;
    async function draw(): Promise<void> {
      // Loaded on demand: Chart.js is most of the page's code.
      const { drawChart } = await import('./draw-chart.ts');
      if (over || !canvas.current) return;
      drawn.current = drawChart(canvas.current, chart, drawn.current);
    }
    void draw();
    return () => {
      over = true;
    };
  }, [chart, isDark]);
  useEffect(() => () => drawn.current?.destroy(), []);

  return (
    <div class="chart">
      <canvas ref={canvas} role="img" aria-label={title} />
    </div>
  );
}

function Table({ chart: { labelsAre, labels, series, unit } }: { chart: ChartData }) {
  return (
    <table class="pairs">
      <Heads names={[labelsAre, ...series.map(({ label }) => (unit ? `${label} (${unit})` : label))]} />
      <tbody>
        {labels.map((label, index) => (
          <tr key={index}>
            <th scope="row">{label}</th>
            {series.map(({ label, values }) => (
              <td key={label} class="number">
                {values[index] ?? '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
