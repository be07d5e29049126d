const { default: Sequencer } = require('@jest/test-sequencer');

/** The slowest files, in descending order. If one starts last, the others wait for it. */
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

/** By default, Jest orders files by size if they have not run before, as after `npm ci`. */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = SLOW.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return index < 0 ? SLOW.length : index;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
};
