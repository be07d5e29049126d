// Loaded first by every npm script and by the package's command. CommonJS in old syntax: any Node must be able to run it, to say that it is
// too old. For the same reason npm start has no option, such as --import, that an old Node refuses.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it
var existsSync = require('fs').existsSync;

var version = process.versions.node.split('.').map(Number);
var isPackage = existsSync(`${__dirname}/main.js`);
// An install that was interrupted leaves a folder without all packages; this one is in every install.
if (!isPackage && !existsSync(`${__dirname}/../node_modules/pino/package.json`)) {
  stop('The packages are not installed. Run: npm ci');
} else if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  stop(
    `Node 22.18 or newer is needed, and this is ${process.versions.node}. ` +
      (isPackage
        ? 'Install a newer Node.'
        : 'Run npm ci, which installs Node 24 for npm start and npm run; without development packages, install a newer Node.'),
  );
}

function stop(problem) {
  console.error(problem);
  process.exit(1);
}
