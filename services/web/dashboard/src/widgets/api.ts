import type { Blocked, Display, Installation, List, Widget, WidgetSettings } from "wire";
import { rest } from "../session.ts";

export const widgets = () => rest.get<List<Widget>>("/v1/widgets");
export const widget = (id: string) => rest.get<Widget>(`/v1/widgets/${id}`);
export const createWidget = (made: { name: string; display: Display }) => rest.post<Widget>("/v1/widgets", made);
export const saveWidget = (id: string, change: { name?: string; active?: boolean; settings?: WidgetSettings }) =>
  rest.patch<Widget>(`/v1/widgets/${id}`, change);
export const removeWidget = (id: string) => rest.remove(`/v1/widgets/${id}`);
export const snippet = (id: string) => rest.get<{ html: string }>(`/v1/widgets/${id}/snippet`);
export const installation = (id: string) => rest.get<List<Installation>>(`/v1/widgets/${id}/installation`);
export const blocked = (id: string) => rest.get<List<Blocked>>(`/v1/widgets/${id}/blocked`);

export const widgetsKey = ["widgets"];
export const widgetKey = (id: string, part?: string) => ["widgets", id, ...(part ? [part] : [])];
