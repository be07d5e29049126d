import { language, useObservable } from '../state.ts';
import { inChinese } from '../translation.ts';
import { Text } from './text.tsx';

/** A text of the receiver, in the page's language if its form is known; otherwise in English, as in logs. */
export function Said({ text }: { text: string }) {
  const chinese = useObservable(language) === 'zh' ? inChinese(text) : null;
  if (chinese === null)
    return (
      <span lang="en">
        <Text value={text} />
      </span>
    );
  return (
    <span title={text}>
      <Text value={chinese} />
    </span>
  );
}
