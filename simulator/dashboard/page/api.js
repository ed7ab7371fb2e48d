// The only file that asks the server anything; the stream listens in `stream`.
// In: a path and a body. Out: what the control API answered, or a `Refusal` in its own words.

/** One problem as a sentence, with its field where it has one. */
export const problemText = ({ field, message }) => (field ? `${field}: ${message}` : message);

/** What the server refused: `problems` are {field?, message}; `status` is 0 where nobody answered. */
export class Refusal extends Error {
  constructor(status, problems) {
    super(problems.map(problemText).join("; "));
    this.status = status;
    this.problems = problems;
  }
}

const SILENT = [{ message: "the simulator does not answer; is it still running?" }];

async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const content = body === undefined ? {} : { headers, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...content }).catch(() => { throw new Refusal(0, SILENT); });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Refusal(response.status, answer.errors ?? [{ message: `the simulator answered ${response.status}` }]);
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
export const patch = (path, body) => ask("PATCH", path, body);
export const del = (path) => ask("DELETE", path);
