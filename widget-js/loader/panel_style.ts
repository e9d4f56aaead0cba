/** The panel's looks; a second sheet beside the launcher's. */

export const PANEL_STYLE = `
.panel{--p:#fff;position:absolute;pointer-events:auto;bottom:calc(var(--y) + 72px + env(safe-area-inset-bottom));width:400px;max-width:calc(100% - 24px);height:min(680px,100% - var(--y) - 92px);border-radius:18px;overflow:hidden;background:linear-gradient(var(--c) 84px,var(--p) 0);box-shadow:0 0 0 1px rgb(16 24 40/.06),0 24px 64px -12px rgb(16 24 40/.36);transform-origin:bottom right;transition:opacity .16s,transform .22s cubic-bezier(.2,.8,.3,1),visibility 0s}
.left .panel{transform-origin:bottom left}
.right .panel{right:max(12px,var(--x))}
.left .panel{left:max(12px,var(--x))}
.bare .panel{bottom:max(12px,var(--y));height:min(680px,100% - var(--y) - 24px)}
.panel:not(.shown){opacity:0;transform:translateY(12px) scale(.97);visibility:hidden;pointer-events:none;transition:opacity .14s,transform .14s,visibility 0s .14s}
iframe{position:absolute;inset:0;width:100%;height:100%;border:0;opacity:0;transition:opacity .16s;color-scheme:normal}
iframe.ready{opacity:1}
.wait{position:absolute;inset:88px 0 0;display:flex;align-items:center;justify-content:center;padding:24px;text-align:center;font:15px/1.5 system-ui,sans-serif;color:#475467}
.shut{position:absolute;top:20px;inset-inline-end:16px;width:44px;height:44px;display:flex;align-items:center;justify-content:center;color:var(--on);border-radius:12px}
.shut svg{width:22px;height:22px}
.shut:focus-visible{outline:2px solid;outline-offset:-2px}
.dark .panel{--p:#14171f}
.dark .wait{color:#b6bdc9}
.full .panel{inset:0;top:var(--t,0);bottom:auto;width:100%;max-width:none;height:var(--h,100%);border-radius:0}
.inline,.inline .panel{width:100%;height:100%;min-height:inherit}
.inline .panel{position:relative;inset:auto;max-width:none;box-shadow:0 0 0 1px rgb(16 24 40/.1)}
@media (forced-colors:active){.panel{border:2px solid}}
`;
