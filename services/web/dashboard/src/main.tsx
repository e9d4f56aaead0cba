import "@fontsource-variable/inter/wght.css";
import "../../ui/tokens.css";
import "../../ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startTheme } from "ui";
import { App } from "./app.tsx";
import { session } from "./session.ts";
import { Landed } from "./whatsapp/signup_landed.tsx";
import { land } from "./whatsapp/signup_landing.ts";

startTheme();
// Meta's window coming home has nothing to do but hand over its code
const isLanding = land();
if (!isLanding) void session.start();
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode>{isLanding ? <Landed /> : <App />}</StrictMode>);
