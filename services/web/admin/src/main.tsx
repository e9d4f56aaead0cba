import "@fontsource-variable/inter/wght.css";
import "../../ui/tokens.css";
import "../../ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startTheme } from "ui";
import { App } from "./app.tsx";
import { session } from "./session.ts";

startTheme();
void session.start();
const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
