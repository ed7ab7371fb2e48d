// Whether what the page shows is what the server knows. In: connection {name, retryAt, text}. Out: event `sim-retry`.
import { button, h, Part, patch } from "sim/dom.js";

class Connection extends Part {
  #timer = 0;

  render() {
    const { name, retryAt, text } = this.props.connection;
    clearInterval(this.#timer);
    this.hidden = name === "open" && !text;
    this.className = name;
    if (name === "lost") {
      this.#timer = setInterval(() => this.#lost(retryAt), 500);
      this.#lost(retryAt);
    } else {
      patch(this, h("p", null, text || "Connecting"));
    }
  }

  #lost(retryAt) {
    const left = Math.max(0, Math.ceil((retryAt - performance.now()) / 1000));
    patch(this, h("p", null, left ? `Connection lost, retrying in ${left} s` : "Connection lost, connecting",
      button("Retry now", () => this.tell("retry"))));
  }
}
customElements.define("sim-connection", Connection);
