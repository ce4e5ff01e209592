// Runs the SQL statements given on standard input (a JSON array of texts) with the embedded ClickHouse and
// prints a JSON array with the rows of each (arrays of cells).
const { query } = require("chdb");

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const results = JSON.parse(input).map((sql) =>
    query(sql, "JSONCompactEachRow")
      .split("\n")
      .filter((line) => line.length > 0)
      .map((line) => JSON.parse(line)),
  );
  process.stdout.write(JSON.stringify(results));
});
