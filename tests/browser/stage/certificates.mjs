/** A throw-away authority and one leaf for all host names of the stage, made by openssl in a folder that goes away. */

import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Answers `{ key, cert, spki }`; `spki` is what Chromium is told to trust. */
export function certify(hosts) {
  const folder = mkdtempSync(join(tmpdir(), "porchlight-papers-"));
  const openssl = (...line) => execFileSync("openssl", line, { cwd: folder, stdio: "pipe" });
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  try {
    openssl("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2", "-subj", "/CN=Porchlight tests");
    openssl("req", ...curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", `/CN=${hosts[0]}`);
    writeFileSync(join(folder, "names"), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}\nextendedKeyUsage=serverAuth\n`);
    openssl("x509", "-req", "-in", "leaf.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "leaf.crt");
    const read = (name) => readFileSync(join(folder, name), "utf8");
    const cert = read("leaf.crt");
    const key = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
    return { key: read("leaf.key"), cert: cert + read("ca.crt"), spki: createHash("sha256").update(key).digest("base64") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
