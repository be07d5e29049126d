// Loaded first by every npm script and by the package's command. CommonJS in old syntax: any version of Node must be
// able to run it and report that it is too old. For the same reason npm start uses no option that an old Node rejects,
// such as --import.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it
var existsSync = require('fs').existsSync;

var version = process.versions.node.split('.').map(Number);
var isPackage = existsSync(`${__dirname}/main.js`);
// An interrupted install leaves an incomplete folder; pino is part of every complete one.
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
