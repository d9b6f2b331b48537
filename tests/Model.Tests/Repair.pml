/*
 * Repair of one item on a target that holds something already: because it missed writes, or because a copy broke off
 * (docs/warm-up.md). WarmUp.pml is about copies into an empty place; this is about what need not be copied, and what must go.
 *
 * The target begins with nothing, with what the source holds, with the same but for a missed touch, with what was replaced or
 * deleted while the target missed it, or with a write that is surely later than what the source has. A request of the copy that
 * broke off may still be under way. Clients change the item meanwhile, through proxies that reach both members in order.
 *
 * Claim: when all is quiet, what the target held or was given is what was written last; what was missed is gone. A later write
 * stays only where the source still has what it would replace.
 *
 * Each part can be left out, and then the claim must fail:
 * -DNO_ORDER -DNO_WAIT -DSOURCE_FIRST -DNO_SWEEP -DNO_EXPIRY_CHECK -DNO_REVOKE_CONDITION -DKEEP_LATER_ALWAYS
 */

#ifdef NO_EXPIRY_CHECK
#define SAME(v, e, w, f) (v == w)
#else
#define SAME(v, e, w, f) (v == w && e == f)
#endif

#define CLIENTS 2
#define ATTEMPTS 2

#define STALE 1     /* missed an overwrite or a deletion */
#define FIRST 2     /* what the source begins with, if anything */
#define LATER 9     /* a write that only the target has, later than FIRST, before all that clients write meanwhile */

typedef Member {
    byte version;   /* 0: no item */
    bit expiry;
    bit given;      /* there from the beginning, or copied: not by a client's write */
    bit touched     /* its expiry is by a client's touch since: two proxies may touch and write it in different orders, as WarmUp.pml says */
};

Member source, target;

byte versions = FIRST;
byte truth = 0;
bit truthExpiry = 0;
byte behind = 1;            /* proxies that do not write to the target yet, or have such writes under way */
bool late = true;           /* a request of an earlier copy is under way */
bool repairing = true;
byte busy = CLIENTS;

inline store(member, v, isGiven, e) {
    member.version = v; member.expiry = e; member.given = isGiven; member.touched = 0
}

inline remove(member) {
    member.version = 0; member.expiry = 0; member.given = 0; member.touched = 0
}

inline changeSource(kind, v, took, e) {
    if
    :: kind == 0 -> store(source, v, 0, 0); truth = v; truthExpiry = 0; took = true
    :: kind == 1 -> remove(source); truth = 0; truthExpiry = 0; took = true
    :: kind == 2 && source.version != 0 -> e = source.expiry; store(source, v, 0, e); truth = v; truthExpiry = e; took = true
    :: kind == 3 && source.version != 0 -> source.expiry = 1; truthExpiry = 1; took = true
    :: else -> took = false
    fi
}

inline changeTarget(kind, v, e) {
    if
    :: kind == 0 -> store(target, v, 0, 0)
    :: kind == 1 -> remove(target)
    :: kind == 2 -> store(target, v, 0, e)
    :: kind == 3 && target.version != 0 -> target.expiry = 1; target.touched = 1
    :: else
    fi
}

proctype Client(bool mayBeBehind) {
    byte kind, v;
    bool took, knowsTarget = true;
    bit e;

    atomic {
        if
        :: mayBeBehind -> knowsTarget = false
        :: mayBeBehind -> behind--
        :: else
        fi;
        select(kind : 0..3);
        versions++; v = versions
    }
#ifdef NO_ORDER
    atomic {
        if
        :: knowsTarget -> changeTarget(kind, v, e)
        :: else -> behind--
        fi
    }
    atomic { changeSource(kind, v, took, e); busy-- }
#else
    atomic {
        changeSource(kind, v, took, e);
        if
        :: !knowsTarget -> behind--; busy--; goto done
        :: knowsTarget && !took -> busy--; goto done
        :: else
        fi
    }
    atomic { changeTarget(kind, v, e); busy-- }
#endif
done:
    skip
}

proctype Eviction() {
    if
    :: atomic { remove(source) }
    :: skip
    fi
}

/* What an earlier copy has read arrives, before the target is listed: the kernel that sends it gives up before anybody takes the copy over. */
proctype Straggler(byte v; bit e) {
    atomic {
        if
        :: target.version == 0 && v != 0 -> store(target, v, 1, e)
        :: else
        fi;
        late = false
    }
}

inline list(member, v, e) {
    v = member.version; e = member.expiry
}

/* What the target lists is looked for on the source, and taken away if it is not there. */
inline sweep() {
    atomic {
        list(target, v, e);
        if
        :: v == 0 -> goto swept
        :: else
        fi
    }
    atomic {
        list(source, seen, seenExpiry);
        if
        :: SAME(v, e, seen, seenExpiry) -> isSame = true; goto swept
#ifdef KEEP_LATER_ALWAYS
        :: v == LATER -> isSame = true; goto swept
#else
        :: v == LATER && seen == FIRST -> isSame = true; goto swept
#endif
        :: else
        fi
    }
    atomic {
        if
#ifdef NO_REVOKE_CONDITION
        :: true -> assert(target.version == 0 || target.version == v); remove(target)
#else
        :: target.version == v -> remove(target)
        :: else
#endif
        fi
    }
}

proctype Repairer() {
    byte v, seen, attempt = 0;
    bit e, seenExpiry;
    bool isSame = false;

#ifndef NO_WAIT
    behind == 0;
#endif
#ifdef SOURCE_FIRST
    atomic { list(source, seen, seenExpiry) }
    atomic { !late -> list(target, v, e) }
#else
    atomic { !late -> list(target, v, e) }
    atomic { list(source, seen, seenExpiry) }
#endif
    atomic {
        if
        :: SAME(v, e, seen, seenExpiry) -> goto end
        :: true     /* something else under the same sums differs */
        fi
    }
#ifndef NO_SWEEP
    sweep();
swept:
    atomic {
        if
        :: isSame -> goto end
        :: else
        fi
    }
#endif
    do
    :: attempt == ATTEMPTS -> break
    :: else ->
        atomic {                                    /* listed and read */
            attempt++; isSame = false;
            list(source, v, e);
            if
            :: v == 0 -> break
            :: else
            fi
        }
        atomic {
            if
            :: target.version == 0 -> store(target, v, 1, e)
            :: else -> break
            fi
        }
        atomic {                                    /* verified */
            list(source, seen, seenExpiry);
            if
            :: SAME(v, e, seen, seenExpiry) -> break
            :: else
            fi
        }
        atomic {
            list(target, v, e);
            if
            :: v == 0 -> goto next
            :: else
            fi
        }
        atomic {
            list(source, seen, seenExpiry);
            if
            :: SAME(v, e, seen, seenExpiry) -> break
            :: else
            fi
        }
        atomic {
            if
            :: target.version == v -> remove(target)
            :: else
            fi
        }
next:
        skip
    od;
end:
    atomic { v = 0; e = 0; seen = 0; seenExpiry = 0; attempt = 0; isSame = false; repairing = false }
}

init {
    byte i;
    atomic {
        if
        :: store(source, FIRST, 0, 0)
        :: store(source, FIRST, 0, 1)
        :: skip                                     /* deleted */
        fi;
        truth = source.version; truthExpiry = source.expiry;
        if
        :: skip
        :: store(target, STALE, 1, 0)
        :: source.version != 0 -> store(target, FIRST, 1, 0)
        :: store(target, LATER, 1, 0)
        fi;
        run Repairer();
        run Straggler(source.version, source.expiry);
        run Eviction();
        for (i : 1 .. CLIENTS) { run Client(i == 1) }
    }
    (!repairing && busy == 0 && !late);
    assert(target.version != STALE);
    assert(target.version != LATER || truth == FIRST);
    assert(!target.given || target.version == LATER || (target.version == truth && (target.touched || target.expiry == truthExpiry)))
}
