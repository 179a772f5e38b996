// Imported first by every tool, so that an old Node says what is wrong instead of stumbling over what it does not know.
const least = [20, 19, 0];
const own = process.versions.node.split('.').map(Number);
const place = least.findIndex((part, index) => part !== own[index]);

if (place !== -1 && own[place] < least[place]) {
  process.stderr.write(
    `Chancery needs Node ${least.join('.')} or newer to install itself; this is Node ${own.join('.')} ` +
      `(${process.execPath}). Install a newer one from your distribution or from nodejs.org.\n`,
  );
  process.exit(1);
}
