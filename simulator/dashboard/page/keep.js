// Stands in until the part is made.
import { Part } from "sim/dom.js";

customElements.define("sim-keep", class extends Part { render() {} open() {} });
