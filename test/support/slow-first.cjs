const { default: Sequencer } = require('@jest/test-sequencer');

/** The slowest files, slowest first. One that starts last would keep the others waiting. */
const SLOW = [
  'generate',
  'verify',
  'faults',
  'package',
  'dockerfile',
  'page-live',
  'docs',
  'store-and-forward',
  'how-to',
  'limits',
  'decisions',
];

/** Without it Jest goes by the sizes of the files where it has not run before, as after `npm ci`. */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = SLOW.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return index < 0 ? SLOW.length : index;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
