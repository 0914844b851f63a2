package org.procpool.server.gateway;

import java.util.HashMap;
import java.util.Map;
import org.procpool.ClientSink;
import org.procpool.PoolPort;
import org.procpool.conductor.Client;
import org.procpool.proto.OnDisconnect;

/**
 * Who has tasks at the desk. Each task there is a client of its own, since each has somebody of its own to be told; all
 * that one party hands in share its turns and limits. A party is known as long as a task of it is unfinished. Used on
 * the loop only.
 */
final class Parties {

    private final PoolPort pool;
    private final Map<String, Party> present = new HashMap<>();

    private static final class Party {

        /** Any of its clients: they all share. */
        final Client member;

        int tasks = 1;

        Party(Client member) {
            this.member = member;
        }
    }

    Parties(PoolPort pool) {
        this.pool = pool;
    }

    /** A client for one more task of the party; {@link #ended} once that has ended or was rejected. */
    Client open(String party, OnDisconnect onDisconnect, ClientSink sink) {
        Party known = present.get(party);
        if (known != null) {
            known.tasks++;
            return pool.open(onDisconnect, sink, known.member);
        }
        Client first = pool.open(onDisconnect, sink, null);
        present.put(party, new Party(first));
        return first;
    }

    void ended(String party) {
        present.computeIfPresent(party, (name, known) -> --known.tasks == 0 ? null : known);
    }
}
