// Until package.json calls bundle.js.
import "./bundle.js";
