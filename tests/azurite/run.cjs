// Starts the storage emulator and ends with whoever started it: when the pipe to standard input closes, so does this.
process.stdin.on("close", () => process.exit(0)).on("end", () => process.exit(0)).resume();
require("azurite/dist/src/azurite.js");
