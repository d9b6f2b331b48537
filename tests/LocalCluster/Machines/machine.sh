# Sourced by each machine's boot script, which is process 1 of the machine. $1: file of its variables, see MachineVariables.cs.

set -eu
cd /
. "$1"
mount --make-rshared /

# No machine sees the run-time files of another one or of the host.
umount --recursive --lazy /run/netns 2>/dev/null || true
mount --bind "$RUN" /run

# Runs a program and, as an init system would, runs it again when it ends; not while somebody holds it down, see ClusterMachines.cs.
keep() {
    log=$LOGS/$1.log
    while :; do
        while [ -e "/run/$1.held" ]; do sleep 0.2; done
        "$@" >>"$log" 2>&1 </dev/null || true
        echo "-- $1 ended, starting it again" >>"$log"
        sleep 1
    done
}

# Process 1 must collect orphans that ended: `wait` does.
rest() {
    while :; do
        wait || true
        sleep 1
    done
}
