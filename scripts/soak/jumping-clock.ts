/** Offsets of this process's clock, as NTP or a person may set it: an hour ahead, an hour back, correct again. */
const JUMPS_MS = [3_600_000, -3_600_000, 0];

let jumps = 0;
let offset = 0;
const RealDate = Date;

class JumpingDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + offset;
  }
}

// Preloaded with --import: the program's clock jumps on each SIGUSR2. The machine's own clock is left alone.
globalThis.Date = JumpingDate as DateConstructor;
process.on('SIGUSR2', () => {
  offset = JUMPS_MS[jumps % JUMPS_MS.length] as number;
  jumps += 1;
});
