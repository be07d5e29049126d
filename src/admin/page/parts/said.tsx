import { language, useObservable } from '../state.ts';
import { inChinese } from '../translation.ts';
import { Text } from './text.tsx';

/** What the receiver says, in the page's language where its form is known; else in English, as logs have it. */
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
