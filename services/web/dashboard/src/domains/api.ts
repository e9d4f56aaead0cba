import type { Domain, DomainScope, List } from "wire";
import { rest } from "../session.ts";

export interface Claim {
  host: string;
  scope: DomainScope;
  method: "dns" | "http";
}

export const domains = (widget: string) => rest.get<List<Domain>>(`/v1/widgets/${widget}/domains`);
export const claim = (widget: string, asked: Claim) => rest.post<Domain>(`/v1/widgets/${widget}/domains`, asked);
export const check = (id: string) => rest.post<Domain>(`/v1/domains/${id}/check`);
export const remove = (id: string) => rest.remove(`/v1/domains/${id}`);

export const domainsKey = (widget: string) => ["widgets", widget, "domains"];
