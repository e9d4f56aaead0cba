import type { ReactNode } from "react";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { Toasts } from "./toast.tsx";

/** Everything an app needs around it. Style elements are off because the server's policy refuses them. */
export function Root({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <Tooltip.Provider delay={450}>
        {children}
        <Toasts />
      </Tooltip.Provider>
    </CSPProvider>
  );
}
