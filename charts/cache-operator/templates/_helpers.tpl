{{- define "cache-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The network policies of the caches let in pods with this app.kubernetes.io/name: it must not be configurable. */}}
{{- define "cache-operator.selectorLabels" -}}
app.kubernetes.io/name: cache-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "cache-operator.labels" -}}
{{ include "cache-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "cache-operator.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "cache-operator.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* What the operator does in a namespace that it looks after. */}}
{{- define "cache-operator.rules" -}}
- apiGroups: [cacheoperator.dev]
  resources: [replicatedcaches]
  verbs: [get, list, watch]
- apiGroups: [cacheoperator.dev]
  resources: [replicatedcaches/status]
  verbs: [patch]
# Owner references that block the owner's deletion need it where that admission plugin is on.
- apiGroups: [cacheoperator.dev]
  resources: [replicatedcaches/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
# The topology is written with the version that was read, hence update.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, update]
# Tokens are made once and read by name: never listed, never changed.
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, create]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
# Deletion is for the pods of lost nodes, the condition for the warm-up gate; resources and the label that tells the revision are
# changed when running members are given more memory.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, patch, delete]
- apiGroups: [""]
  resources: [pods/status, pods/resize]
  verbs: [patch]
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* Takes the validation rules out of a schema, in place, for servers that do not know them. */}}
{{- define "cache-operator.stripRules" -}}
{{- if kindIs "map" . -}}
{{- $_ := unset . "x-kubernetes-validations" -}}
{{- range $value := . -}}{{- include "cache-operator.stripRules" $value -}}{{- end -}}
{{- else if kindIs "slice" . -}}
{{- range $value := . -}}{{- include "cache-operator.stripRules" $value -}}{{- end -}}
{{- end -}}
{{- end -}}
