import type { List, WhatsAppApp } from "wire";
import { rest } from "../session.ts";

export interface AppChange {
  name?: string;
  secret?: string;
  verify_token?: string;
  signup_config?: string;
}

const path = "/operator/v1/whatsapp/apps";

export const apps = () => rest.get<List<WhatsAppApp>>(path);
export const addApp = (made: { meta_app_id: string; name: string; secret: string; signup_config?: string }) => rest.post<WhatsAppApp>(path, made);
export const changeApp = (id: string, change: AppChange) => rest.patch<WhatsAppApp>(`${path}/${id}`, change);
export const forgetApp = (id: string) => rest.remove(`${path}/${id}/credentials`);

export const appsKey = ["whatsapp", "apps"];
