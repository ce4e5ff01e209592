// The embedded ClickHouse behind its HTTP interface, as far as a client of it can tell: POST with the statement as the body;
// database, query_id, default_format and settings as parameters; errors as text with their code; KILL QUERY by query_id.
// Prints its address, and ends with whoever started it: when the pipe to standard input closes, so does this.
const http = require("node:http");
const { Session } = require("chdb");

const NOT_FOUND = new Set([60, 81]); // UNKNOWN_TABLE, UNKNOWN_DATABASE
const DENIED = new Set([497, 516]); // ACCESS_DENIED, AUTHENTICATION_FAILED
const OWN = new Set(["database", "query_id", "default_format", "wait_end_of_query"]);
const root = new Session();

process.stdin.on("close", () => process.exit(0)).on("end", () => process.exit(0)).resume();
const server = http.createServer((request, response) => answer(request, response).catch((e) => fail(response, e)));
// The engine keeps this thread busy while it works, and a machine busy with tests keeps it waiting: no connection is too slow.
server.keepAliveTimeout = 600_000;
server.headersTimeout = server.requestTimeout = 0;
server.listen(0, "127.0.0.1", function () { console.log(`Listening at http://127.0.0.1:${this.address().port}`); });

async function answer(request, response) {
  const parameters = new URL(request.url, "http://localhost").searchParams;
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  authenticate(request.headers);

  // Each session has settings of its own, which is what a request has in the server.
  const session = new Session(root.path);
  try {
    prepare(session, parameters);
    if (parameters.has("default_format")) await stream(session, body.toString(), parameters.get("default_format"), response);
    else { await run(session, body); response.end(); }
  } finally {
    session.close();
  }
}

function authenticate(headers) {
  const password = process.env.CLICKHOUSE_PASSWORD;
  if (password && (headers["x-clickhouse-user"] !== "flowlog" || headers["x-clickhouse-key"] !== password))
    throw new Error("Code: 516. DB::Exception: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)");
}

function prepare(session, parameters) {
  if (parameters.has("database")) session.query(`use ${parameters.get("database")}`);
  const settings = [...parameters].filter(([name]) => !OWN.has(name));
  // Over a few rows the time goes into compiling.
  settings.unshift(["compile_expressions", 0], ["compile_aggregate_expressions", 0], ["compile_sort_description", 0]);
  // The library has no query_id; a comment that system.processes shows stands for it.
  settings.unshift(["log_comment", parameters.get("query_id") ?? ""]);
  session.query(`set ${settings.map(([name, value]) => `${name} = '${value}'`).join(", ")}`);
}

// Rows to insert come behind the first line; the library takes them as bytes, and would else wait for standard input.
async function run(session, body) {
  const insert = /^insert into (\w+) format (\w+)\n/.exec(body.subarray(0, 200).toString());
  if (insert) await session.insert({ table: insert[1], format: insert[2], values: body.subarray(Buffer.byteLength(insert[0])) });
  else await session.queryAsync(body.toString().replace(/^kill query where query_id = /, "kill query where Settings['log_comment'] = "));
}

async function stream(session, sql, format, response) {
  // Only queries come in pieces; what describes or changes something has a short answer or none.
  if (/^\s*(show|desc|describe|explain|create|drop|alter|grant|revoke|set|system|exists)\b/i.test(sql)) return response.end((await session.queryAsync(sql, { format })).bytes());
  const rows = session.queryStream(sql, { format });
  response.on("close", () => rows.cancel());
  const headLines = format.endsWith("WithNamesAndTypes") ? 2 : 0;
  for await (const chunk of rows) {
    const piece = Buffer.from(chunk.raw()); // a copy: the library writes the next piece to the same place
    const bytes = response.headersSent ? withoutLines(piece, headLines) : piece;
    if (!response.write(bytes)) await new Promise((resume) => response.once("drain", resume).once("close", resume));
  }
  response.end();
}

// The library begins every piece of a result with its names and types, a server only the first.
function withoutLines(bytes, count) {
  let start = 0;
  for (; count > 0; count--) start = bytes.indexOf(10, start) + 1;
  return bytes.subarray(start);
}

// Behind rows that are on their way an error can only be more text.
function fail(response, error) {
  const text = String(error.message).replace(/^.*?(?=Code: \d)/s, "");
  const code = Number(/^Code: (\d+)/.exec(text)?.[1] ?? 0);
  if (!response.headersSent) {
    response.statusCode = NOT_FOUND.has(code) ? 404 : DENIED.has(code) ? 403 : 500;
    response.setHeader("X-ClickHouse-Exception-Code", code);
  }
  response.end(`${text} (version 26.7.2.1)\n`);
}
