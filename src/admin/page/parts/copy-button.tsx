import { useEffect, useState } from 'preact/hooks';
import { useStrings } from '../strings/strings.ts';

/** @param props.what what is copied, for those who do not see where the button stands */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const strings = useStrings();
  const [outcome, setOutcome] = useState<'copied' | 'notCopied' | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  return (
    <button
      type="button"
      class="small"
      aria-label={outcome === null ? strings.copyWhat(what) : strings[outcome]}
      onClick={async () => setOutcome((await copy(text)) ? 'copied' : 'notCopied')}
    >
      {strings[outcome ?? 'copy']}
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain HTTP from another machine there is no clipboard; the old way remains.
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    return copied;
  }
}
