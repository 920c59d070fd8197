{{/* Where the models come from, as a volume. */}}
{{- define "serving.modelsVolume" -}}
{{- $models := .Values.models -}}
{{- if eq $models.source "existingClaim" -}}
persistentVolumeClaim:
  claimName: {{ required "models.existingClaim is needed for models.source existingClaim" $models.existingClaim }}
{{- else if eq $models.source "newClaim" -}}
persistentVolumeClaim:
  claimName: {{ include "serving.fullname" . }}-models
{{- else if eq $models.source "hostPath" -}}
hostPath:
  path: {{ required "models.hostPath is needed for models.source hostPath" $models.hostPath }}
  type: Directory
{{- else if eq $models.source "image" -}}
image:
  reference: {{ required "models.image is needed for models.source image" $models.image }}
  pullPolicy: {{ .Values.image.pullPolicy }}
{{- else -}}
emptyDir: {}
{{- end -}}
{{- end -}}
