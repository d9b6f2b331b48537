# A machine that runs pods.
. "$(dirname "$0")/machine.sh"

hostname "$NAME"
# Paths that cannot be configured, or not in every version.
for folder in lib/kubelet lib/cni log; do
    mkdir -p "$DISK/$folder" "/var/$folder"
    mount --bind "$DISK/$folder" "/var/$folder"
done

keep containerd --config "$DISK/containerd.toml" --log-level warn &
until [ -S /run/containerd/containerd.sock ]; do sleep 0.1; done

keep kubelet \
    --config="$DISK/kubelet.yaml" --kubeconfig="$DISK/kubelet.kubeconfig" \
    --hostname-override="$NAME" --node-ip="$ADDRESS" --node-labels="$LABELS" $KUBELET_FLAGS &
keep kube-proxy --config="$DISK/kube-proxy.yaml" --hostname-override="$NAME" &
rest
