import "./style.css";
import "./deeds.css";
import { render } from "preact";
import { App } from "./app.js";

const page = document.getElementById("page");
if (page) render(<App />, page);
