import { urlOf } from '../api.ts';
import { useStrings } from '../state.ts';

type Query = Parameters<typeof urlOf>[1];

/** Links that download a list with its filters. @param queryNow returns the filters at the moment of the click */
export function ExportLinks({ path, queryNow }: { path: string; queryNow: () => Query }) {
  const strings = useStrings().find;
  const hrefOf = (format: string) => urlOf(path, { ...queryNow(), format });
  return (
    <span class="export">
      {strings.export}
      {(['ndjson', 'csv'] as const).map((format) => (
        <a
          key={format}
          href={hrefOf(format)}
          download
          title={strings.exports[format]}
          onClick={({ currentTarget }) => {
            currentTarget.href = hrefOf(format);
          }}
        >
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
