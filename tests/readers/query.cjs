// Runs the SQL statements given on standard input (a JSON array of texts) with the embedded ClickHouse and
// prints a JSON array with the rows of each (arrays of cells). The engine's text is passed on as it is: parsed here,
// 64-bit numbers would lose digits.
const { query } = require("chdb");

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const results = JSON.parse(input).map((sql) => {
    const lines = query(sql, "JSONCompactEachRow").split("\n");
    return `[${lines.filter((line) => line.length > 0).join(",")}]`;
  });
  process.stdout.write(`[${results.join(",")}]`);
});
