import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useAction } from '../live-data.ts';
import { useStrings } from '../state.ts';
import { Failure } from './panel.tsx';

interface ConfirmProps {
  title: string;
  /** Label of the button that confirms. */
  confirm: string;
  /** The work is destructive. */
  isDangerous?: boolean;
  work: () => Promise<unknown>;
  /** @param done whether the work was done */
  onClose: (done: boolean) => void;
  /** A description of the work, and its inputs. */
  children: ComponentChildren;
}

/** Asks for confirmation before the work. Closes once the work is done; shows a failure instead. */
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
