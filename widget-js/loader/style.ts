/**
 * The launcher's looks, inside the shadow root, where no rule of the page reaches. Sizes are
 * in px on purpose: a page that sets its root to 62.5 % must not shrink us.
 */

export const LAUNCHER_STYLE = `
*{box-sizing:border-box}
[hidden]{display:none!important}
button{all:unset;box-sizing:border-box;cursor:pointer;-webkit-tap-highlight-color:transparent}
.launcher{position:absolute;pointer-events:auto;bottom:calc(var(--y) + env(safe-area-inset-bottom));display:flex;align-items:center;justify-content:center;gap:10px;height:56px;min-width:56px;padding:0 16px;border-radius:28px;background:var(--c);color:var(--on);font:600 15px/1.4 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;box-shadow:0 1px 2px rgb(16 24 40/.16),0 8px 24px -4px rgb(16 24 40/.28);transition:transform .18s}
.launcher:hover{transform:translateY(-2px)}
.launcher:active{transform:scale(.96)}
.launcher:focus-visible{outline:3px solid var(--c);outline-offset:3px;box-shadow:0 0 0 3px #fff}
.launcher svg{width:24px;height:24px}
.launcher span{max-width:180px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;padding-inline-end:4px}
.open .launcher span,.x,.open .o,.full.open .launcher{display:none}
.open .x{display:block}
b{position:absolute;top:-4px;inset-inline-end:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#d92d20;color:#fff;font:700 12px/22px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff}
.right .launcher{right:calc(var(--x) + env(safe-area-inset-right))}
.left .launcher{left:calc(var(--x) + env(safe-area-inset-left))}
.full .launcher span{display:none}
@media (prefers-reduced-motion:reduce){*{transition:none!important;transform:none!important}}
@media (forced-colors:active){.launcher{border:2px solid}}
@media print{*{display:none!important}}
`;

/** Black or white, whichever reads better on the tenant's colour (WCAG contrast). */
export function textOn(color: string): string {
  const channel = (at: number) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  // 1.05 / (light + .05) is the contrast of white, which AA wants at 4.5 for the launcher's text.
  return 1.05 / (light + 0.05) < 4.5 ? "#111" : "#fff";
}
