{{- define "serving.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "serving.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "serving.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "serving.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "serving.selectorLabels" -}}
app.kubernetes.io/name: {{ include "serving.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "serving.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{ include "serving.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "serving.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "serving.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "serving.image" -}}
{{- $flavour := ternary "-cuda" "" .Values.gpu.enabled -}}
{{- printf "%s:%s" .Values.image.repository (default (printf "%s%s" .Chart.AppVersion $flavour) .Values.image.tag) -}}
{{- end -}}

{{/* A number of seconds as .NET reads a duration. */}}
{{- define "serving.duration" -}}
{{- $seconds := int . -}}
{{- printf "%02d:%02d:%02d" (div $seconds 3600) (mod (div $seconds 60) 60) (mod $seconds 60) -}}
{{- end -}}

{{/* The environment of the server, in every place where it runs. Options come last, so that they win. */}}
{{- define "serving.env" -}}
- name: ORT_DISABLE_TELEMETRY
  value: "1"
- name: Serving__Host
  value: 0.0.0.0
- name: Serving__DrainDelay
  value: {{ include "serving.duration" .Values.drain.delaySeconds | quote }}
- name: Serving__DrainTimeout
  value: {{ include "serving.duration" .Values.drain.timeoutSeconds | quote }}
{{- if .Values.management.open }}
- name: Serving__AllowManagement
  value: "true"
{{- end }}
{{- with .Values.management.existingSecret }}
- name: Serving__ManagementKey
  valueFrom:
    secretKeyRef:
      name: {{ . }}
      key: {{ $.Values.management.secretKey }}
{{- end }}
{{- range $name, $value := .Values.options }}
{{- $variable := printf "Serving__%s%s" (substr 0 1 $name | upper) (substr 1 -1 $name) }}
{{- if kindIs "slice" $value }}
{{- range $i, $item := $value }}
- name: {{ $variable }}__{{ $i }}
  value: {{ $item | toString | quote }}
{{- end }}
{{- else }}
- name: {{ $variable }}
  {{- /* Large numbers are floats here, and would be written as 1e+06. */}}
  value: {{ ternary (printf "%.0f" $value) ($value | toString) (and (kindIs "float64" $value) (eq (floor $value) $value)) | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Not for KServe, where what is in front of the pods speaks TLS. */}}
{{- define "serving.tlsEnv" -}}
{{- with .Values.tls -}}
{{- if .existingSecret -}}
- name: Serving__TlsCertificate
  value: /tls/tls.crt
- name: Serving__TlsKey
  value: /tls/tls.key
{{- if .clientCertificates }}
- name: Serving__TlsClientCa
  value: /tls/ca.crt
{{- end }}
{{- else if .clientCertificates -}}
{{- fail "tls.clientCertificates needs tls.existingSecret: the server must have a certificate as well" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "serving.resources" -}}
{{- $resources := deepCopy .Values.resources -}}
{{- if .Values.gpu.enabled -}}
{{- $resources = mergeOverwrite $resources (dict "limits" (dict .Values.gpu.resource .Values.gpu.count)) -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}
