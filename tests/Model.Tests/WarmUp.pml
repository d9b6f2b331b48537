/*
 * Warm-up of one item: the order rule, the add-only copy, its verification and the phased topology change
 * (docs/warm-up.md). Three clients change the item through proxies while it is copied from a Ready member, the
 * source, to a Warming one, the target. Each `atomic` is one request that a member carries out; what is
 * in flight between two of them may be overtaken by anything.
 *
 * Claim: when all is quiet, a copied item is the one that was written last. (Two proxies that write one key at the same
 * time may leave two members with two different values, both written: anti-entropy heals that, and it has nothing to
 * do with copies. So the claim is about copies.)
 *
 * Each part of the protocol can be left out, and then the claim must fail:
 * -DNO_ORDER -DNO_VERIFICATION -DEARLY_VERIFICATION -DNO_EXPIRY_CHECK -DNO_ADD_ONLY -DNO_WAIT -DNO_REVOKE_CONDITION
 */

#ifdef NO_EXPIRY_CHECK
#define SAME_EXPIRY true
#else
#define SAME_EXPIRY (seenExpiry == e)
#endif

#define CLIENTS 3
#define ATTEMPTS 2

typedef Member {
    byte version;   /* 0: no item */
    bit expiry;     /* which of two expiries the item has: a touch changes nothing else */
    bit copied      /* came by copy, not by a client's write */
};

Member source, target;

byte versions = 1;          /* the last version given out */
byte truth = 1;             /* version that the last write left behind, 0 after a delete or flush */
bit truthExpiry = 0;
byte behind = 1;            /* proxies that still route by the topology without the target, or have such writes under way */
bool copying = true;
byte busy = CLIENTS;

inline store(member, v, isCopy, e) {
    member.version = v; member.expiry = e; member.copied = isCopy
}

inline remove(member) {
    member.version = 0; member.expiry = 0; member.copied = 0
}

/* What a client's request does to the member that decides. */
inline changeSource(kind, v, took, e) {
    if
    :: kind == 0 ->                                     /* set */
        store(source, v, 0, 0); truth = v; truthExpiry = 0; took = true
    :: kind == 1 ->                                     /* delete, flush_all */
        remove(source); truth = 0; truthExpiry = 0; took = true
    :: kind == 2 ->                                     /* incr, append, cas: only where there is an item */
        if
        :: source.version != 0 -> e = source.expiry; store(source, v, 0, e); truth = v; truthExpiry = e; took = true
        :: else -> took = false
        fi
    :: kind == 3 ->                                     /* touch */
        if
        :: source.version != 0 -> source.expiry = 1; truthExpiry = 1; took = true
        :: else -> took = false
        fi
    fi
}

inline changeTarget(kind, v, e) {
    if
    :: kind == 0 -> store(target, v, 0, 0)
    :: kind == 1 -> remove(target)
    :: kind == 2 -> store(target, v, 0, e)
    :: kind == 3 && target.version != 0 -> target.expiry = 1; target.copied = 0
    :: else
    fi
}

proctype Client(bool mayBeBehind) {
    byte kind, v;
    bool took, knowsTarget = true;
    bit e;

    /* The proxy may still have the older topology when the write starts. It reports the newer one as applied once such writes have ended. */
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

/* The memory of the source is full: it may lose the item at any time. Nothing was deleted, so the truth stays. */
proctype Eviction() {
    if
    :: atomic { remove(source) }
    :: skip
    fi
}

/* A look at the source after the copy has landed: a line of the second listing, or an answer to mg. */
inline look(seen, seenExpiry) {
    seen = source.version; seenExpiry = source.expiry
}

/* What does not matter any more must not make states different. */
inline forget() {
    v = 0; e = 0; seen = 0; seenExpiry = 0
}

proctype Copier() {
    byte v, seen, attempt = 0;
    bit e, seenExpiry;

#ifndef NO_WAIT
    behind == 0;
#endif
    do
    :: attempt == ATTEMPTS -> break
    :: else ->
        atomic {                                    /* listed */
            attempt++;
            v = source.version; e = source.expiry;
            if
            :: v == 0 -> break
            :: else
            fi
        }
        atomic {                                    /* read */
            if
            :: source.version != v -> goto next
            :: else
            fi
        }
#ifdef EARLY_VERIFICATION
        atomic { look(seen, seenExpiry) }
#endif
        atomic {
#ifdef NO_ADD_ONLY
            assert(target.version == 0);
            store(target, v, 1, e)
#else
            if
            :: target.version == 0 -> store(target, v, 1, e)
            :: else -> break
            fi
#endif
        }
#ifdef NO_VERIFICATION
        break;
#else
        atomic {
#ifndef EARLY_VERIFICATION
            look(seen, seenExpiry);
#endif
            if
            :: seen == v && SAME_EXPIRY -> break
            :: else
            fi
        }
        /* What the target lists by now is looked for on the source, whoever wrote it. */
        atomic {
            v = target.version; e = target.expiry;
            if
            :: v == 0 -> goto next
            :: else
            fi
        }
        atomic {
            look(seen, seenExpiry);
            if
            :: seen == v && SAME_EXPIRY -> break
            :: else -> e = 0; seen = 0; seenExpiry = 0
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
#endif
next:
        atomic { forget() }
    od;
    atomic { forget(); attempt = 0; copying = false }
}

init {
    byte i;
    atomic {
        store(source, 1, 0, 0);
        run Copier();
        run Eviction();
        for (i : 1 .. CLIENTS) { run Client(i == 1) }
    }
    (!copying && busy == 0);
    assert(!target.copied || (target.version == truth && target.expiry == truthExpiry))
}
