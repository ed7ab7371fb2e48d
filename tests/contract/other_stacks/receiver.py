"""A receiver of agreements on Python's own http.server and sqlite3: `receiver.py DATABASE`, token in WEBHOOK_TOKEN."""

import hmac
import json
import os
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

RANKS = ["", "sent", "viewed", "cancel-pending", "error", "declined", "signed", "canceled"]
TOKEN = os.environ["WEBHOOK_TOKEN"].encode()
LOCK = threading.Lock()
DB = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
DB.execute("CREATE TABLE agreements (id TEXT PRIMARY KEY, status TEXT)")
DB.execute("CREATE TABLE letters (agreement TEXT PRIMARY KEY)")


def rank(status):
    return RANKS.index(status) if status in RANKS else 0


def keep(agreement, status):
    with LOCK:
        row = DB.execute("SELECT status FROM agreements WHERE id = ?", [agreement]).fetchone()
        DB.execute("BEGIN")
        if row is None or rank(status) > rank(row[0]):
            DB.execute("INSERT OR REPLACE INTO agreements VALUES (?, ?)", [agreement, status])
        if status == "signed":
            DB.execute("INSERT OR IGNORE INTO letters VALUES (?)", [agreement])
        DB.execute("COMMIT")


class Handler(BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", -1

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/letters":
            with LOCK:
                return self.answer(200, [row[0] for row in DB.execute("SELECT agreement FROM letters")])
        if not hmac.compare_digest(self.headers.get("X-Token", "").encode(), TOKEN):
            return self.answer(401, "who are you?")
        said = {name: unquote(value) for name, _, value in (pair.partition("=") for pair in url.query.split("&"))}
        keep(said["agreement_id"], said["status"])
        return self.answer(200, "ok")

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size, daemon_threads = 128, True


server = Server(("127.0.0.1", 0), Handler)
sys.stdout.write(f"listening on http://127.0.0.1:{server.server_port}\n")
sys.stdout.flush()
server.serve_forever()
