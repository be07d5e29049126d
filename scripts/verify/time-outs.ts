/** Consecutive checks that time out before a section ends. */
const MOST_IN_A_ROW = 3;

/** Ends a section whose checks time out: otherwise each of hundreds of checks would take the time limit. */
export class TimeOuts {
  readonly #sections = new Map<string, { running: number; inARow: number; answered: boolean }>();

  /** Until a section has answered, no more of its checks are in flight than may time out. */
  mayStart(section: string): boolean {
    const { running, inARow, answered } = this.#of(section);
    return this.isOver(section) || (answered && inARow === 0) || running + inARow < MOST_IN_A_ROW;
  }

  begin(section: string): void {
    this.#of(section).running++;
  }

  /** Counts a check by whether any of its requests was answered in time. */
  end(section: string, { inTime, late }: { inTime: number; late: number }): void {
    const state = this.#of(section);
    state.running--;
    if (this.isOver(section)) return;
    if (inTime > 0) Object.assign(state, { inARow: 0, answered: true });
    else if (late > 0) state.inARow++;
  }

  isOver(section: string): boolean {
    return this.#of(section).inARow >= MOST_IN_A_ROW;
  }

  static reason(section: string): string {
    return `${MOST_IN_A_ROW} checks of ${section} in a row were not answered in time`;
  }

  #of(section: string) {
    const state = this.#sections.get(section) ?? { running: 0, inARow: 0, answered: false };
    this.#sections.set(section, state);
    return state;
  }
}
