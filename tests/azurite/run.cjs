// Starts the storage emulator and ends with whoever started it: when the pipe to standard input closes, so does this.
process.stdin.on("close", () => process.exit(0)).on("end", () => process.exit(0)).resume();

// As far away as storage in the cloud, for measurements: every request waits so many milliseconds before it is looked at.
const delay = Number(process.env.FLOWLOG_TEST_LATENCY ?? 0);
if (delay > 0) {
  const { Server } = require("node:http");
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (name, ...rest) {
    if (name !== "request") return emit.call(this, name, ...rest);
    setTimeout(() => emit.call(this, name, ...rest), delay);
    return true;
  };
}

require("azurite/dist/src/azurite.js");
