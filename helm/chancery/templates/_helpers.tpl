{{- define "chancery.labels" -}}
app.kubernetes.io/name: chancery
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Selects the pods of one process; given a dict of root and process. */}}
{{- define "chancery.selector" -}}
app.kubernetes.io/name: chancery
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .process }}
{{- end }}

{{- define "chancery.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{/* Names of the processes of this mode, as JSON. */}}
{{- define "chancery.processes" -}}
{{- if eq .Values.mode "suite" }}["suite"]{{ else }}["directory","messaging","files","admin"]{{ end }}
{{- end }}

{{/* Files of the key Secret a process needs, as JSON: only who seals and opens content gets its master key. */}}
{{- define "chancery.keyFiles" -}}
{{- $files := dict
  "suite" (list "content.master" "records.master" "directory.master" "access.master" "service.secret")
  "directory" (list "directory.master" "access.master" "service.secret")
  "messaging" (list "content.master" "service.secret")
  "files" (list "content.master" "records.master" "service.secret")
  "admin" (list "records.master" "directory.master" "access.master" "service.secret") -}}
{{- dict "list" (get $files .) | toJson }}
{{- end }}

{{/* Combinations that would start and then fail, or keep less than they promise. */}}
{{- define "chancery.validate" -}}
{{- if and .Values.demo (ne .Values.mode "suite") }}
{{- fail "demo brings its database and directory inside the one process of suite mode: set mode to suite" }}
{{- end }}
{{- if and (not .Values.demo) (not .Values.existingSecret) }}
{{- fail "existingSecret is missing: name a Secret with DATABASE_URL, or set demo to true" }}
{{- end }}
{{- if and (not .Values.demo) (not .Values.ldap.url) }}
{{- fail "ldap.url is missing: name your directory, or set demo to true" }}
{{- end }}
{{- if and (eq .Values.mode "split") (not .Values.keys.existingSecret) }}
{{- fail "keys.existingSecret is missing: split mode keeps the master key of content away from the admin process" }}
{{- end }}
{{- end }}
