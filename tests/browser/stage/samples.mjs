/** Files made here, byte for byte real: what is sent up is looked into. */

import { crc32, deflateSync } from "node:zlib";
import http from "node:http";
import { OURS, at } from "./hosts.mjs";

/** A picture of one colour with a stripe, so that two differ. */
export function png(width = 640, height = 480, [r, g, b] = [60, 120, 200]) {
  const line = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x++) line.set(x % 40 < 4 ? [255, 255, 255] : [r, g, b], 1 + x * 3);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(name, body) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const length = Buffer.alloc(4);
  const sum = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, sum]);
}

/** A page with a few words on it. */
export function pdf(words = "Invoice 1142") {
  const page = `BT /F1 24 Tf 72 720 Td (${words}) Tj ET`;
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let text = "%PDF-1.4\n";
  const starts = objects.map((object, at) => {
    const start = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return start;
  });
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(text + end, "latin1");
}

export const picture = (name, ...how) => ({ name, mimeType: "image/png", buffer: png(...how) });
export const paper = (name, words) => ({ name, mimeType: "application/pdf", buffer: pdf(words) });

/** Sends one file up without a browser; answers `{ status, json }`. */
export function sendUp(port, path, token, { name, mimeType, buffer }) {
  const edge = "edge-7d1f0c";
  const head = `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name.replaceAll("\\", "\\\\").replaceAll('"', "%22")}"\r\ncontent-type: ${mimeType}\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), buffer, Buffer.from(`\r\n--${edge}--\r\n`)]);
  const headers = { origin: at(OURS).slice(0, -1), authorization: `Bearer ${token}`, "content-type": `multipart/form-data; boundary=${edge}`, "content-length": body.length };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port, method: "POST", path, headers, agent: false }, (response) => {
      const chunks = [];
      response.on("data", (one) => chunks.push(one));
      response.on("end", () => resolve({ status: response.statusCode, json: JSON.parse(Buffer.concat(chunks).toString() || "null") }));
    });
    request.on("error", reject);
    request.end(body);
  });
}
