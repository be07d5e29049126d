import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useAction } from '../live-data.ts';
import { useStrings } from '../state.ts';
import { Failure } from './panel.tsx';

interface ConfirmProps {
  title: string;
  /** What the button says that does it. */
  confirm: string;
  /** It destroys something. */
  isDangerous?: boolean;
  work: () => Promise<unknown>;
  /** @param done whether the work was done */
  onClose: (done: boolean) => void;
  /** What will happen, and what the work needs to know. */
  children: ComponentChildren;
}

/** Asks before something is done. Closes once it was done; a failure is shown instead. */
export function ConfirmDialog({ title, confirm, isDangerous = false, work, onClose, children }: ConfirmProps) {
  const strings = useStrings();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const { busy, error, run } = useAction(async () => {
    await work();
    onClose(true);
  });
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={() => onClose(false)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        {error !== undefined && <Failure error={error} />}
        <div class="with-button">
          <button type="button" onClick={() => onClose(false)}>
            {strings.cancel}
          </button>
          <button type="submit" class={isDangerous ? 'danger' : 'primary'} disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  );
}
