// Stands in until the part is made.
import { Part } from "sim/dom.js";

customElements.define("sim-emit", class extends Part { render() {} open() {} });
