{{/* Names and labels, and the part of a pod that all roles share. */}}

{{- define "porchlight.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "porchlight.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "porchlight.labels" -}}
app.kubernetes.io/name: porchlight
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end -}}

{{/* Nobody in particular, nothing to write but /tmp and its own folder. */}}
{{- define "porchlight.confined" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{/* section.key as the environment spells it. */}}
{{- define "porchlight.variable" -}}
PORCHLIGHT__{{ . | replace "." "__" | upper }}
{{- end -}}

{{- define "porchlight.settings" -}}
{{- range $key, $value := .Values.settings }}
- name: {{ include "porchlight.variable" $key }}
  value: {{ $value | quote }}
{{- end }}
{{- range $key, $file := .Values.secrets.files }}
- name: {{ include "porchlight.variable" $key }}_FILE
  value: /run/secrets/porchlight/{{ $file }}
{{- end }}
{{- end -}}
