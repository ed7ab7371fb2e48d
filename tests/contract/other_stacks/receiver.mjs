// A receiver of agreements on Node's own http, its state in memory. The token stands in WEBHOOK_TOKEN.
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const RANKS = ["sent", "viewed", "cancel-pending", "error", "declined", "signed", "canceled"];
const agreements = new Map();
const letters = new Set();
const digest = (text) => createHash("sha256").update(text).digest();
const knows = (token) => timingSafeEqual(digest(token ?? ""), digest(process.env.WEBHOOK_TOKEN));

function keep(id, status) {
  if (RANKS.indexOf(status) >= RANKS.indexOf(agreements.get(id))) agreements.set(id, status);
  if (status === "signed") letters.add(id);
}

function parameters(query) {
  return Object.fromEntries(query.split("&").map((pair) => pair.split("=").map(decodeURIComponent)));
}

const server = createServer((request, response) => {
  const [path, query = ""] = request.url.split("?");
  const answer = (status, value) => response.writeHead(status).end(JSON.stringify(value));
  if (request.method === "POST" && path === "/reset") return agreements.clear(), letters.clear(), answer(200, "ok");
  if (path.startsWith("/agreements/")) {
    const id = path.slice("/agreements/".length);
    if (!agreements.has(id)) return answer(404, "unknown");
    return answer(200, { status: agreements.get(id), letter: letters.has(id) });
  }
  if (!knows(request.headers["x-token"])) return answer(401, "who are you?");
  const said = parameters(query);
  keep(said.agreement_id, said.status);
  answer(200, "ok");
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
