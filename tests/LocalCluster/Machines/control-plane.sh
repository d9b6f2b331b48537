# A machine with the control plane, the switch that all machines are plugged into, and the host's way to Services.
. "$(dirname "$0")/machine.sh"

keep etcd --data-dir="$DISK/etcd" --unsafe-no-fsync --log-level=warn &

keep kube-apiserver \
    --etcd-servers=http://127.0.0.1:2379 \
    --bind-address="$ADDRESS" --advertise-address="$ADDRESS" --secure-port=6443 \
    --service-cluster-ip-range="$SERVICES" \
    --tls-cert-file="$PKI/api-server.crt" --tls-private-key-file="$PKI/api-server.key" \
    --client-ca-file="$PKI/ca.crt" \
    --token-auth-file="$PKI/tokens.csv" --authorization-mode=Node,RBAC \
    --enable-admission-plugins=NodeRestriction \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$PKI/service-accounts.key" --service-account-signing-key-file="$PKI/service-accounts.key" \
    --kubelet-certificate-authority="$PKI/ca.crt" \
    --kubelet-client-certificate="$PKI/api-server-client.crt" --kubelet-client-key="$PKI/api-server-client.key" \
    --kubelet-preferred-address-types=InternalIP \
    --allow-privileged &

# Node loss shows in seconds here, not in the 40 that are the default.
keep kube-controller-manager \
    --kubeconfig="$DISK/kube-controller-manager.kubeconfig" --leader-elect=false \
    --use-service-account-credentials \
    --service-account-private-key-file="$PKI/service-accounts.key" --root-ca-file="$PKI/ca.crt" \
    --node-monitor-period=2s --node-monitor-grace-period=8s &

keep kube-scheduler --kubeconfig="$DISK/kube-scheduler.kubeconfig" --leader-elect=false &
keep kube-proxy --config="$DISK/kube-proxy.yaml" --hostname-override="$NAME" &
rest
