// generated, run npm run generate

export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The page
         * @description The web page of the receiver, for a person; it reads the operations below.
         */
        get: operations["getPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A file of the page
         * @description What the page is made of. It loads nothing else, and nothing from elsewhere.
         */
        get: operations["getPageAsset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List groups
         * @description Groups by creation, newest first. Filters narrow the list together. As `format=ndjson` or `format=csv`, or by the
         *     header `Accept`, it is an export: all that match, in one response.
         */
        get: operations["listGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a group
         * @description A group with all its members, its attributes and its topics.
         */
        get: operations["getGroup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/groups/{groupId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the callbacks behind a group
         * @description The stored callbacks that name the group, as received, the last to arrive first. Order them by `eventTime` to
         *     tell what happened when. Empty where no callback names the group.
         */
        get: operations["getGroupHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/groups/{groupId}/reconcile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the vendor for a group
         * @description Reads the group from the vendor's REST API and compares it. Where it is different, a snapshot of it is stored, by
         *     which it becomes what the vendor has; callbacks that are newer than the question win. A group that the mirror
         *     lacks appears, and one that the vendor no longer has is destroyed. Takes no body.
         */
        post: operations["reconcileGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List callbacks
         * @description Callbacks by arrival, newest first. Filters narrow the list together. With a time range, what waited in a spool may
         *     be listed by the time when it was received, or by the time when it was stored.
         *
         *     As `format=ndjson` or `format=csv`, or by the header `Accept`, it is an export: all that match, in one response.
         */
        get: operations["listCallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Judge many callbacks again
         * @description Judges all rejected or all unknown callbacks that the filters leave once more, as `POST /api/callbacks/{id}/retry`
         *     does with one; `status` says which.
         *
         *     One request does one portion, oldest first, and ends after some seconds at the latest: pass `nextCursor` as
         *     `cursor`, with the same filters, until it is null. Callbacks that arrive after the first request are left out. Each
         *     callback is its own transaction; one that fails does not stop the others, and the cursor passes it. Takes no body.
         */
        post: operations["retryCallbacks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks/ignore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ignore many callbacks
         * @description Strikes out all callbacks that the filters leave, as `POST /api/callbacks/{id}/ignore` does with one. At least one
         *     filter is required.
         *
         *     One request does one portion, oldest first, and ends after some seconds at the latest: pass `nextCursor` as
         *     `cursor`, with the same filters, until it is null. Callbacks that arrive after the first request are left out. Each
         *     callback is its own transaction; one that fails does not stop the others, and the cursor passes it. Takes no body.
         */
        post: operations["ignoreCallbacks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a callback as received
         * @description A callback with its query, its body and how it was answered.
         */
        get: operations["getCallback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Judge a callback again
         * @description Judges a rejected or unknown callback again, as received, under the contract that the receiver has now. If the
         *     contract takes it, the callback is accepted and its group appears; otherwise it stays as it is, with the reason
         *     of this attempt. Takes no body.
         */
        post: operations["retryCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/callbacks/{id}/ignore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ignore a callback
         * @description Strikes a callback out, whatever its status. It stays stored and listed, with `ignored: true`, and its group is
         *     rebuilt from the other callbacks, in the same transaction; a group that no other callback describes disappears.
         *     A later replay leaves it out, and a duplicate of it changes nothing. Takes no body. Repeating it is harmless.
         */
        post: operations["ignoreCallback"];
        /**
         * Stop ignoring a callback
         * @description Undoes `POST`: the group is rebuilt with the callback, in the same transaction. Takes no body. Repeating it is
         *     harmless.
         */
        delete: operations["unignoreCallback"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an account
         * @description What the callbacks tell of a user: presence, friends, blocklist, and the groups it is in. Friendships, blocks and
         *     presence are merged by event time, whatever order the callbacks came in; the vendor sends no event time with friends
         *     and blocks, and with presence from older SDKs, so there the arrival decides (`timed` is false).
         *
         *     The callbacks that name the account are listed by `GET /api/callbacks?account=`.
         */
        get: operations["getAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List consumers
         * @description The consumers of the stored callbacks, by name: how far each is, what is held up, and its state. A consumer is
         *     there from its first start on, also while no process runs it.
         */
        get: operations["listConsumers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a consumer
         * @description Forgets a consumer that no process runs: its place, its parked and its dead deliveries. Retention waits for it no
         *     longer. Handlers that register this name again begin anew. Takes no body.
         */
        delete: operations["removeConsumer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a consumer
         * @description It starts no delivery until it is resumed; what runs is finished. Callbacks go on being stored. A pause outlives a
         *     restart. Takes no body. Repeating it is harmless.
         */
        post: operations["pauseConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a consumer
         * @description Ends a pause: the consumer goes on from its place. Takes no body. Repeating it is harmless.
         */
        post: operations["resumeConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers/{name}/rewind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver again from a time
         * @description Asks the consumer to go on with the first callback that was received at or after a time. After an earlier time,
         *     callbacks are delivered again, in order; before a later one, what has not been delivered is skipped. Parked deliveries
         *     at or after that place are dropped, as the consumer comes to them again. A process that runs the consumer does it
         *     within about a second; without one, the next that does.
         */
        post: operations["rewindConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/consumers/{name}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver a callback again
         * @description Asks the consumer to deliver one callback once more, at once, after the newer ones of its subject: `late` is set. A
         *     process that runs the consumer does it within about a second; without one, the next that does.
         */
        post: operations["sendToConsumer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries that failed
         * @description Parked and dead deliveries, the newest first. What was delivered is not kept. Filters narrow the list together. As
         *     `format=ndjson` or `format=csv`, or by the header `Accept`, it is an export: all that match, in one response.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a delivery now
         * @description A parked delivery is tried at once, whatever its schedule. A dead one is delivered after the newer callbacks of its
         *     subject: `late` is set, and its attempts begin anew. Takes no body.
         */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry deliveries now
         * @description Retries every parked or dead delivery that the filters leave, without a filter all of them. Takes no body.
         */
        post: operations["retryDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/about": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this receiver is
         * @description What somebody needs who sets the vendor's console up, or tries the receiver.
         */
        get: operations["getAbout"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the vendor's console is given, and what has come of it
         * @description Whether the vendor's console is set up right: its ticks can be read nowhere, so this says what has come. Probes and
         *     signatures are those of the process that answers, since its start.
         */
        get: operations["getSetup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask PUBLIC_URL from here
         * @description The receiver sends the console's probe to its own `PUBLIC_URL`, unsigned, and tells whether it arrived. What cannot
         *     be reached from inside may be reached from outside, so such a check tells nothing. Asks once a minute at most:
         *     within that time the last answer is given again. Takes no body.
         */
        post: operations["checkPublicUrl"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/test-callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test callback
         * @description The receiver plays the vendor: it sends the callback of a new group, signed where a token is set, over the network
         *     to its own public listener, and tells what that answered. Takes no body.
         */
        post: operations["sendTestCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures at a glance
         * @description Groups by type and the last 60 minutes are of all receivers of the app; `since` and the spool are of this one. Each
         *     receiver stores its figures of the present minute every 10 seconds, so those of others are late by as much. While
         *     the database is away, it answers with what it knows itself.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the database is there
         * @description Costs next to nothing, and answers without the database.
         */
        get: operations["getState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow what arrives
         * @description A stream of [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html) that goes on
         *     until the reader hangs up. `data` is JSON.
         *
         *     | Event | `data` | When |
         *     |---|---|---|
         *     | `callback` | `Callback` | A callback was stored, came again (`repeats`), was judged again, or is ignored or no longer. Where `ignored`, its group may be gone: read it again |
         *     | `group` | `Group` | A callback that names the group was stored |
         *     | `gap` | `{"missed": 12, "readers": 3}` | Some 12 callbacks more came than the stream carries (0: nobody knows how many): read the lists again. 3 readers are told so: where there are many, take turns |
         *
         *     An item may come more than once; the last one holds. Each `id` is a place to go on from: a reader that connects
         *     again with it as `Last-Event-ID`, as browsers do by themselves, gets what was stored after it, and perhaps a
         *     little from before it. The first thing on a new stream is such an id, so that who connects first and then reads
         *     the lists misses nothing. A comment every 15 s shows that the stream lives. A reader that is more than 1 MB behind
         *     is disconnected.
         */
        get: operations["streamLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The reference of the callbacks
         * @description One page: every command with its fields and examples, every reply, how signing works, how the vendor's console
         *     is configured. It loads nothing but itself. In English and Chinese, with a switch.
         */
        get: operations["getReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The contract of the callbacks
         * @description The OpenAPI document that this receiver validates by, in one file.
         */
        get: operations["getContract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics for Prometheus
         * @description What the receiver did since it started, in the
         *     [text format of Prometheus](https://prometheus.io/docs/instrumenting/exposition_formats/).
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Account: {
            sdkAppId: components["schemas"]["SdkAppId"];
            /** @description The UserID. */
            account: string;
            /** @description By the last `State.StateChange` that tells of a connection; null where none came. */
            presence: {
                /**
                 * @description `online` after `Login`; `offline` after `Logout` and `Disconnect`.
                 * @enum {string}
                 */
                state: "online" | "offline";
                /** @description The `Action` of the callback. */
                action: string;
                /** @description The `Reason` of the callback. */
                reason: string;
                since: components["schemas"]["AccountSince"];
                timed: components["schemas"]["AccountTimed"];
            } | null;
            /** @description The status text that the user has set last; null where none came, or it was removed. */
            customStatus: {
                /** @description The text. */
                text: string;
                since: components["schemas"]["AccountSince"];
                timed: components["schemas"]["AccountTimed"];
            } | null;
            /**
             * @description Groups that it is a member of, by name; at most 1,000. A group that was created with more than 20 members may be
             *     missing.
             */
            groups: {
                /** @description The group's id. */
                groupId: string;
                type: components["schemas"]["GroupType"];
                /** @description The group's name; empty where it is not known. */
                name: string;
                /** @description Whether the account owns the group. */
                owner: boolean;
                /** @description The role, as in `Admin`; null where no callback told it. */
                role: string | null;
                /** @description Its known members. */
                memberCount: number;
            }[];
            /** @description Accounts on its friend list, newest first; at most 1,000. */
            friends: components["schemas"]["AccountRelation"][];
            /** @description Accounts on its blocklist, newest first; at most 1,000. */
            blocked: components["schemas"]["AccountRelation"][];
            /** @description Whether one of the lists is cut at 1,000. */
            incomplete: boolean;
        };
        AccountRelation: {
            /** @description The other account. */
            account: string;
            since: components["schemas"]["AccountSince"];
            timed: components["schemas"]["AccountTimed"];
        };
        /**
         * Format: date-time
         * @description The event time; the arrival where the callback has none.
         */
        AccountSince: string;
        /** @description Whether `since` is an event time. If not, the order of arrival decided. */
        AccountTimed: boolean;
        /** @description A consumer of the stored callbacks, and how far it is. */
        Consumer: {
            /**
             * @description Unique within the app.
             * @example handlers
             */
            name: string;
            /**
             * @description Where it delivers to.
             * @example handlers
             * @enum {string}
             */
            kind: "handlers" | "webhook" | "stream";
            /**
             * @description Where it is in the log, in commit order. Opaque.
             * @example 0-1043
             */
            place: string;
            /**
             * @description Callbacks after its place, without the rejected; counted up to 100,000.
             * @example 3
             */
            lag: number;
            /**
             * @description Whether there may be more than were counted.
             * @example false
             */
            lagCapped: boolean;
            /**
             * Format: date-time
             * @description When the first callback after its place was received; null where there is none.
             * @example 2022-12-09T08:26:54.391Z
             */
            oldest: string | null;
            /**
             * @description Subjects that a failed delivery holds up.
             * @example 1
             */
            parked: number;
            /**
             * @description Deliveries that have been given up.
             * @example 0
             */
            dead: number;
            /**
             * @description `paused`: by an operator, or because its endpoint answered 410. `backing off`: nearly all deliveries fail, or
             *     the stream cannot be written, so the consumer tries now and then. `held back`: a transaction that is open in
             *     the database cluster keeps the log from being read further. `wrong stream`: the stream holds events of
             *     another store or app, so nothing is published into it. `idle`: no process runs it.
             * @example running
             * @enum {string}
             */
            state: "running" | "paused" | "backing off" | "held back" | "wrong stream" | "idle";
            /**
             * @description What is known of the state.
             * @example null
             */
            detail: string | null;
            /**
             * Format: date-time
             * @description When a process ran it last; its creation where none has.
             * @example 2022-12-09T08:27:12.650Z
             */
            ranAt: string;
        };
        /**
         * @description `parked`: it will be tried again, and later callbacks of its subject wait. `dead`: it has been given up.
         * @enum {string}
         */
        DeliveryStatus: "parked" | "dead";
        /** @description A delivery that failed, or that an operator has asked for. */
        Delivery: {
            /**
             * Format: uuid
             * @description Of the delivery.
             * @example 0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f
             */
            id: string;
            /**
             * @description The consumer's name.
             * @example handlers
             */
            consumer: string;
            callbackId: components["schemas"]["CallbackId"];
            /**
             * @description Which item of a batch it is of, such as `Push.*`, counted from 0; null of a whole callback.
             * @example null
             */
            item: number | null;
            /**
             * @description Of the callback. Null where it has been deleted.
             * @example Group.CallbackAfterCreateGroup
             */
            command: string | null;
            /** @description What its deliveries are ordered by; null where the callback stands alone. */
            subject: {
                /**
                 * @description `group`, `account`, `pair` or `official`.
                 * @example group
                 */
                kind: string;
                /**
                 * @description A group's id, an account; of a pair, a JSON array of two accounts.
                 * @example @TGS#2J4SZEAEL
                 */
                value: string;
            } | null;
            status: components["schemas"]["DeliveryStatus"];
            /**
             * @description Failed attempts.
             * @example 2
             */
            attempts: number;
            /**
             * @description Of the last attempt.
             * @example Error: connect ECONNREFUSED 127.0.0.1:5432
             */
            error: string | null;
            /**
             * Format: date-time
             * @description When it first failed or was asked for.
             * @example 2022-12-09T08:26:54.500Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the last attempt failed; null where none has.
             * @example 2022-12-09T08:26:55.500Z
             */
            failedAt: string | null;
            /**
             * Format: date-time
             * @description Null of a dead one.
             * @example 2022-12-09T08:27:00.500Z
             */
            nextAttemptAt: string | null;
            /**
             * @description It comes after newer callbacks of its subject, because it was dead before, or was sent by hand.
             * @example false
             */
            late: boolean;
            /**
             * @description Later callbacks of the subject that wait for it.
             * @example 0
             */
            waiting: number;
            /**
             * @description Whether more wait than are counted.
             * @example false
             */
            moreWaiting: boolean;
        };
        /**
         * @description A group, as its callbacks left it: of each fact the newest callback that gave it counts, in whatever order they
         *     arrived.
         */
        Group: {
            sdkAppId: components["schemas"]["SdkAppId"];
            groupId: components["schemas"]["GroupGroupId"];
            type: components["schemas"]["GroupType"];
            name: components["schemas"]["GroupName"];
            ownerAccount: components["schemas"]["GroupOwnerAccount"];
            operatorAccount: components["schemas"]["GroupOperatorAccount"];
            introduction: components["schemas"]["GroupIntroduction"];
            notification: components["schemas"]["GroupNotification"];
            faceUrl: components["schemas"]["GroupFaceUrl"];
            members: components["schemas"]["GroupMembers"];
            memberCount: components["schemas"]["GroupMemberCount"];
            full: components["schemas"]["GroupFull"];
            customFields: components["schemas"]["GroupCustomFields"];
            partial: components["schemas"]["GroupPartial"];
            createdAt: components["schemas"]["GroupCreatedAt"];
            receivedAt: components["schemas"]["GroupReceivedAt"];
            destroyedAt: components["schemas"]["GroupDestroyedAt"];
            clientIp: components["schemas"]["GroupClientIp"];
            optPlatform: components["schemas"]["GroupOptPlatform"];
        };
        /** @description A group with all that is known of it. */
        GroupDetail: {
            sdkAppId: components["schemas"]["SdkAppId"];
            groupId: components["schemas"]["GroupGroupId"];
            type: components["schemas"]["GroupType"];
            name: components["schemas"]["GroupName"];
            ownerAccount: components["schemas"]["GroupOwnerAccount"];
            operatorAccount: components["schemas"]["GroupOperatorAccount"];
            introduction: components["schemas"]["GroupIntroduction"];
            notification: components["schemas"]["GroupNotification"];
            faceUrl: components["schemas"]["GroupFaceUrl"];
            members: components["schemas"]["GroupMembers"];
            memberCount: components["schemas"]["GroupMemberCount"];
            full: components["schemas"]["GroupFull"];
            customFields: components["schemas"]["GroupCustomFields"];
            partial: components["schemas"]["GroupPartial"];
            createdAt: components["schemas"]["GroupCreatedAt"];
            receivedAt: components["schemas"]["GroupReceivedAt"];
            destroyedAt: components["schemas"]["GroupDestroyedAt"];
            clientIp: components["schemas"]["GroupClientIp"];
            optPlatform: components["schemas"]["GroupOptPlatform"];
            /** @description The members, in the same order, with how each came. */
            memberDetails: {
                /** @description The member's account. */
                account: string;
                /**
                 * Format: date-time
                 * @description When it became a member; the newest time where there are several.
                 */
                since: string;
                /** @description `Created` with the group; otherwise as sent: `Apply`, `Invited` or another word. `Unknown` where the callback does not say. */
                how: string;
                /** @description Whose doing it was, as sent. */
                by: string | null;
                /** @description `Admin` or `Member`, as sent. Null where it was not changed since. */
                role: string | null;
                /** @description Its name in this group. Null where it was not changed since. */
                nameCard: string | null;
            }[];
            /** @description The attributes that the app keeps with the group, by key. Those that no callback told of are missing. */
            attributes: {
                /** @description The name of the attribute. */
                key: string;
                /** @description Its value. */
                value: string;
            }[];
            /** @description The topics of a community, by id. Those that no callback told of are missing. */
            topics: {
                /** @description Its id. */
                topicId: string;
                /** @description May be empty. */
                name: string;
            }[];
            /**
             * Format: date-time
             * @description When back-fill or audit last found that the vendor had the group as it is shown here, or had none where it is
             *     destroyed; by the vendor's clock. Callbacks may have changed it since. Null: it was never compared, or differed
             *     each time.
             */
            confirmedAt: string | null;
        };
        /** @description Unique within the app. */
        GroupGroupId: string;
        /** @description As sent: `Work` and `Private`, `Meeting` and `ChatRoom` are not made one. Empty where no callback said. */
        GroupType: string;
        /** @description In any script; may be empty. */
        GroupName: string;
        /** @description Null where the group has none or no callback said. */
        GroupOwnerAccount: string | null;
        /** @description Who asked for the creation. Empty for a partial group. */
        GroupOperatorAccount: string;
        /** @description Null where no callback has one; empty where it was removed. */
        GroupIntroduction: string | null;
        /** @description The announcement. Null where no callback has one; empty where it was removed. */
        GroupNotification: string | null;
        /** @description URL of the picture, as sent. Null where no callback has one; empty where it was removed. */
        GroupFaceUrl: string | null;
        /**
         * @description Accounts of those who are members now: first those of the creation, in the order sent, then those who came later,
         *     by account. A list and the live stream give at most 1,000 of a group, the single view all. A group that was
         *     destroyed has none.
         */
        GroupMembers: string[];
        /** @description How many members are known. */
        GroupMemberCount: number;
        /** @description The group was said to be full, and no member is known to have left since. */
        GroupFull: boolean;
        /** @description Custom fields of the creation, in the order sent. */
        GroupCustomFields: {
            /** @description As set up in the vendor's console. */
            key: string;
            /** @description May hold U+0000. */
            value: string;
        }[];
        /** @description No callback of its creation has come: other callbacks told of the group, and what only the creation says is missing. */
        GroupPartial: boolean;
        /**
         * Format: date-time
         * @description When it was created: the event time, or the arrival where the callback has none. For a partial group the earliest time that is known of it.
         */
        GroupCreatedAt: string;
        /**
         * Format: date-time
         * @description When the callback of its creation arrived. For a partial group, the first of all that told of it.
         */
        GroupReceivedAt: string;
        /**
         * Format: date-time
         * @description When it was disbanded; it is shown as it was then. Null while there is a group of this id.
         */
        GroupDestroyedAt: string | null;
        /** @description As sent with the creation. */
        GroupClientIp: string | null;
        /** @description As sent with the creation. */
        GroupOptPlatform: string | null;
        /** @description The receiver as configured, without its secrets. */
        About: {
            sdkAppId: components["schemas"]["SdkAppId"];
            /** @description Of this program. */
            version: string;
            /**
             * @description Where the public listener takes callbacks, as seen from this machine. The vendor's console needs the address
             *     under which the internet reaches it. Null where an app has mounted the receiver into its own server.
             */
            callbackUrl: string | null;
            /** @description `SDK_APP_ID` is unset: an invented app, on this machine only. */
            demo: boolean;
            /** @description `CALLBACK_TOKEN` is set: only signed callbacks are taken. */
            signed: boolean;
            /**
             * @description Where the callbacks are kept.
             * @enum {string}
             */
            database: "sqlite" | "postgres";
            /** @description The command that plays the vendor towards this receiver. */
            triggerCommand: string;
            backfill: components["schemas"]["AboutBackfill"];
        };
        /** @description How the groups are compared with the vendor's. */
        AboutBackfill: {
            /** @description `REST_DOMAIN`, `REST_ADMIN` and `REST_KEY` are set. */
            configured: boolean;
            /** @description The command that makes the groups what the vendor has. */
            command: string;
            /** @description `RECONCILE_HOURS`: from the end of one audit to the next; null where there is none. */
            auditHours: number | null;
            /** @description `RECONCILE=repair`: an audit mends what is different. */
            repairs: boolean;
            /** @description The last run of the command; null where there was none, or the store does not answer. */
            lastRun: components["schemas"]["BackfillRun"] | null;
            /** @description The last regular audit; null where there was none, or the store does not answer. */
            lastAudit: components["schemas"]["BackfillRun"] | null;
        };
        /** @description What the vendor's console is given, and what has come of it. */
        Setup: {
            /** @description `PUBLIC_URL`: what the vendor's console must be given; null where it is not set. */
            publicUrl: string | null;
            /**
             * Format: date-time
             * @description When this process started.
             */
            since: string;
            /** @description The console's probes. */
            probes: components["schemas"]["Arrivals"];
            /** @description Whether callbacks are signed as they should be. */
            signatures: {
                /** @description `CALLBACK_TOKEN` is set: only signed callbacks are taken. */
                checked: boolean;
                /** @description Callbacks that were taken, test callbacks included. */
                taken: components["schemas"]["Arrivals"];
                /** @description Requests that were refused because the signature is missing or wrong, or the time is off. */
                refused: components["schemas"]["Arrivals"];
            };
            /**
             * @description Those of which a callback is stored, those with a handler or a rule here, and those of `EXPECTED_COMMANDS`, by
             *     name.
             */
            commands: components["schemas"]["SeenCommand"][];
            /** @description More commands are stored than are looked up. */
            incomplete: boolean;
        };
        /** @description What has come to this process since its start. */
        Arrivals: {
            /** @description How many. */
            count: number;
            /**
             * Format: date-time
             * @description When the last one came; null where none did.
             */
            lastAt: string | null;
        };
        /** @description What has come of a command. */
        SeenCommand: {
            /** @description The command. */
            command: string;
            /** @description Callbacks of the last 24 hours. */
            count: number;
            /** @description There are more than `count`. */
            countCapped: boolean;
            /**
             * Format: date-time
             * @description When the last one that is stored came; null where none is.
             */
            lastAt: string | null;
            /** @description A handler or a rule of the app names it. */
            handled: boolean;
            /** @description `EXPECTED_COMMANDS` names it, or its family. */
            expected: boolean;
        };
        /** @description What a run has done so far. */
        BackfillRun: {
            /**
             * Format: date-time
             * @description When it began.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description When it finished; null where it goes on or was interrupted.
             */
            finishedAt: string | null;
            /** @description Groups that were compared. */
            compared: number;
            /** @description Groups that were different. */
            differing: number;
            /** @description Differences in all of them. */
            differences: number;
            /** @description Snapshots that were stored, each of which mends a group. */
            stored: number;
            /** @description Groups that could not be read. */
            leftOut: number;
        };
        /** @description Where the mirror is not as the vendor has it. */
        Difference: {
            /** @description The group. */
            groupId: string;
            /**
             * @description `missing`: only the vendor has it; `extra`: only the mirror has it.
             * @enum {string}
             */
            kind: "missing" | "extra" | "different";
            /**
             * @description `group`, `member`, or the field of the group or of the member.
             * @enum {string}
             */
            field: "group" | "type" | "name" | "ownerAccount" | "introduction" | "notification" | "faceUrl" | "customField" | "member" | "role" | "nameCard";
            /** @description The member's account, or the key of the custom field; null for the others. */
            of: string | null;
            /** @description What the mirror has. */
            mirror: string | null;
            /** @description What the vendor has. */
            vendor: string | null;
        };
        /** @description How many groups of one type were created. */
        GroupsOfType: {
            /** @description As sent. */
            type: string;
            /** @description How many. */
            count: number;
        };
        /** @description Figures at a glance. */
        Stats: {
            /**
             * Format: date-time
             * @description When this receiver started.
             */
            since: string;
            /**
             * @description Groups that were created within the last hour, day and week; the most frequent type first. Null while the
             *     database is away.
             */
            groupsByType: {
                /** @description Within 60 minutes. */
                hour: components["schemas"]["GroupsOfType"][];
                /** @description Within 24 hours. */
                day: components["schemas"]["GroupsOfType"][];
                /** @description Within 7 days. */
                week: components["schemas"]["GroupsOfType"][];
            } | null;
            /** @description The last 60 minutes of all receivers, the present one included, the oldest first; none from before the first that is known. */
            minutes: components["schemas"]["Minute"][];
            database: components["schemas"]["DatabaseState"];
            spool: components["schemas"]["SpoolState"];
        };
        /** @description Whether the database is there, and what waits for it. */
        State: {
            database: components["schemas"]["DatabaseState"];
            spool: components["schemas"]["SpoolState"];
        };
        /** @description Whether this receiver reaches its database. */
        DatabaseState: {
            /**
             * @description `away`: PostgreSQL does not answer, or SQLite cannot write. The receiver goes on by itself once it is back.
             * @enum {string}
             */
            state: "available" | "away";
            /**
             * Format: date-time
             * @description Since when it is away, as far as this receiver has seen; null while it is available.
             */
            since: string | null;
        };
        /** @description Callbacks that wait on this machine for PostgreSQL to come back; null where there is no such place. */
        SpoolState: null | {
            /** @description How many there are. */
            depth: number;
            /** @description Whether callbacks go there now. */
            inUse: boolean;
            /** @description How long the oldest has waited. */
            oldestSeconds: number;
        };
        /** @description What the receivers did within one minute. */
        Minute: {
            /**
             * Format: date-time
             * @description When the minute began.
             */
            at: string;
            /** @description Callbacks that hold against the contract. */
            accepted: number;
            /** @description Callbacks of commands that the contract does not describe. */
            unknown: number;
            /** @description Callbacks against the contract. */
            rejected: number;
            /** @description Callbacks that were stored before. */
            repeats: number;
            /** @description Requests of which nothing was stored. */
            refused: number;
            /** @description Before-callbacks that were decided, and answers to those that ask for data. */
            decisions: {
                /** @description Allowed or answered with data. */
                allowed: number;
                /** @description Refused or dropped. */
                refused: number;
                /** @description Allowed with another content. */
                changed: number;
                /** @description Of all of these, those that the fallback decided. */
                fallback: number;
            };
            /** @description The median time to reply, to within 5 %; null where none was given. */
            medianSeconds: number | null;
            /** @description The 99th percentile of the time to reply, to within 5 %. */
            p99Seconds: number | null;
        };
        /** @description A callback and what became of it. */
        Callback: {
            id: components["schemas"]["CallbackId"];
            command: components["schemas"]["CallbackCommand"];
            source: components["schemas"]["CallbackSource"];
            status: components["schemas"]["CallbackStatus"];
            sdkAppId: components["schemas"]["SdkAppId"];
            groupId: components["schemas"]["CallbackGroupId"];
            eventTime: components["schemas"]["CallbackEventTime"];
            receivedAt: components["schemas"]["CallbackReceivedAt"];
            repeats: components["schemas"]["CallbackRepeats"];
            reason: components["schemas"]["CallbackReason"];
            decision: components["schemas"]["CallbackDecision"];
            ignored: components["schemas"]["CallbackIgnored"];
        };
        /** @description How many callbacks match. */
        Count: {
            /** @description Counted up to 10,000, without those that are ignored. */
            matching: number;
            /** @description There are more, or the count reached its deadline of some seconds. */
            atLeast: boolean;
        };
        /** @description What was done with some callbacks. */
        Portion: {
            /** @description The sum of the outcomes. */
            done: number;
            /** @description How many callbacks had each outcome. An operation has only some of them. */
            outcomes: {
                /** @description Judged again and accepted. */
                accepted?: number;
                /** @description Judged again, and unknown. */
                unknown?: number;
                /** @description Judged again, and rejected. */
                rejected?: number;
                /** @description Judged again: an equal one was accepted meanwhile, and it counts as a repeat of that one. */
                repeat?: number;
                /** @description They were ignored before. */
                already?: number;
                /** @description Not ignored: callbacks of the group have been deleted (`RETENTION_DAYS`), so it cannot be rebuilt. */
                pruned?: number;
                /** @description They are ignored now; or they cannot be retried because they are ignored. */
                ignored: number;
                /** @description Deleted, or accepted by somebody else, meanwhile. */
                gone: number;
                /** @description The store failed on them; `failures` says why. */
                failed: number;
            };
            /** @description Of what failed, at most the first 20. */
            failures: {
                id: components["schemas"]["CallbackId"];
                /** @description What the store said. */
                reason: string;
            }[];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @description A callback with its query and body as received. */
        CallbackDetail: {
            id: components["schemas"]["CallbackId"];
            command: components["schemas"]["CallbackCommand"];
            source: components["schemas"]["CallbackSource"];
            status: components["schemas"]["CallbackStatus"];
            sdkAppId: components["schemas"]["SdkAppId"];
            groupId: components["schemas"]["CallbackGroupId"];
            eventTime: components["schemas"]["CallbackEventTime"];
            receivedAt: components["schemas"]["CallbackReceivedAt"];
            repeats: components["schemas"]["CallbackRepeats"];
            reason: components["schemas"]["CallbackReason"];
            decision: components["schemas"]["CallbackDecision"];
            ignored: components["schemas"]["CallbackIgnored"];
            /** @description The query parameters, decoded; a list where one came more than once. */
            query: {
                [key: string]: string | string[];
            };
            /**
             * @description The body, byte for byte where it is UTF-8; other bytes are replaced by U+FFFD. With `KEEP_MESSAGES=false` a
             *     message is without its content (`MsgBody`, `CloudCustomData`), and what could hold one but cannot be read is
             *     empty.
             */
            body: string;
            /**
             * @description How it was answered when it first came. Null where that was not recorded: it waited in the spool, it is a
             *     snapshot, it was answered by an older version, or the receiver ended abruptly within a second. Only where one
             *     callback is shown.
             */
            reply?: components["schemas"]["SentReply"] | null;
        };
        /** @description The reply that was sent. A retry of the callback leaves it as it is. */
        SentReply: {
            /** @description The HTTP status. */
            status: number;
            /** @description The body. Null where it held the content of a message, with `KEEP_MESSAGES=false`. */
            body: string | null;
            /** @description From the end of the headers to the reply. */
            milliseconds: number;
        };
        /** @description The command of the query. */
        CallbackCommand: string;
        /**
         * @description `callback`: the vendor sent it. `backfill`: a snapshot of the group, as the vendor's REST API had it at `eventTime`;
         *     its body is JSON of ours.
         * @enum {string}
         */
        CallbackSource: "callback" | "backfill";
        /** @description The group that it is about. Null where there is none or it cannot be told. */
        CallbackGroupId: string | null;
        /**
         * Format: date-time
         * @description Null where the body has none or it cannot be told.
         */
        CallbackEventTime: string | null;
        /**
         * Format: date-time
         * @description When it first arrived.
         */
        CallbackReceivedAt: string;
        /** @description How often it arrived again. */
        CallbackRepeats: number;
        /** @description Why it was not accepted; null when it was. */
        CallbackReason: string | null;
        /**
         * @description How a before-callback was answered, or one that asks for data. Null for every other, and for one that was not
         *     accepted.
         */
        CallbackDecision: components["schemas"]["Decision"] | null;
        /** @description An operator has struck it out; groups are built without it. */
        CallbackIgnored: boolean;
        /**
         * @description How a before-callback, or one that asks for data, was answered when it first came. A repeat of it is decided anew,
         *     and that is not recorded.
         */
        Decision: {
            /**
             * @description `drop`: the message is not sent, and its sender is not told. `replace`: the message is sent with another
             *     content. `answer`: the data that was asked for was sent; without any, it is `reject`. Where friends are
             *     refused one by one: `reject` if all are, else `allow`.
             * @enum {string}
             */
            action: "allow" | "reject" | "drop" | "replace" | "answer";
            /** @description The `ErrorCode` of the reply; where all friends are refused, the `ResultCode` of the first. */
            errorCode: number;
            /** @description The `ErrorInfo` of the reply; where all friends are refused, the `ResultInfo` of the first. */
            errorInfo: string;
            /** @description The accounts that were refused by name, whether they are members, subscribers or friends to be. */
            refusedMembers: string[];
            /**
             * @description `rule`: a rule of the app. `endpoint`: the app's, at `DECISION_URL`. `fallback`: neither gave a
             *     usable answer in time, so `DECISION_FALLBACK` did.
             * @enum {string}
             */
            source: "rule" | "endpoint" | "fallback";
            /** @description How long the decision took. */
            milliseconds: number;
        };
        /** @description Digits, growing with the arrival. A string, because it may exceed what a number can hold. */
        CallbackId: string;
        /**
         * @description `accepted`: taken, with what it changes in its group. `unknown`: kept, the contract does not describe its command.
         *     `rejected`: kept, but against the contract.
         * @enum {string}
         */
        CallbackStatus: "accepted" | "unknown" | "rejected";
        /** @description The app's SDKAppID. */
        SdkAppId: number;
        /**
         * @description Only where a search or a combination of filters reached its deadline of some seconds: the page may lack items
         *     even where it has fewer than `limit`, and `nextCursor` continues where the scan ended.
         * @constant
         */
        Incomplete: true;
        /** @description Passed as `cursor`, gives the next page; null on the last one. */
        NextCursor: string | null;
        /** @description What went wrong. Members may be added. */
        Problem: {
            /**
             * Format: uri-reference
             * @description `about:blank` where the status says all.
             */
            type: string;
            /** @description The status in words. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What was wrong with this request. */
            detail: string;
        } & {
            [key: string]: unknown;
        };
    };
    responses: {
        /** @description The file is the one that `If-None-Match` names. */
        NotModified: {
            headers: {
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description Asked: a process that runs the consumer tries them within about a second; without one, the next that does. */
        Retrying: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "retrying": 1
                 *     }
                 */
                "application/json": {
                    /** @description How many deliveries will be tried. */
                    retrying: number;
                };
            };
        };
        /** @description The body is over 64 KB. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Payload Too Large",
                 *       "status": 413,
                 *       "detail": "The body is over 65536 bytes: send only the fields that the operation has"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not sent as `Content-Type: application/json`, or is compressed or written in an unknown way. */
        NotJson: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unsupported Media Type",
                 *       "status": 415,
                 *       "detail": "Content-Type (text/plain) is not read here: send JSON as application/json"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A parameter, or a field of the body, is unknown, missing, out of its range or not of its form. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "detail": "query.limit (500) must be at most 200"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A password is set, and the request carries none or a wrong one. */
        Unauthorized: {
            headers: {
                /**
                 * @description Makes a browser ask for the password.
                 * @example Basic realm="tencent-chat-callbacks", charset="UTF-8"
                 */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "Send user admin and the password of ADMIN_PASSWORD."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description A page of another site asks: the listener is bound to loopback and `Host` names another machine; a request other
         *     than GET or HEAD has a foreign `Sec-Fetch-Site` or `Origin`; or a GET or HEAD has a foreign `Sec-Fetch-Site`
         *     and is not a link (a navigation of a window).
         */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "The Host header must be localhost, a loopback address or ADMIN_HOST"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is nothing under this path or id. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "detail": "No callback has the id 1043."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Some callbacks of the group have been deleted by `RETENTION_DAYS`, so a rebuild would lose what they said. Nothing
         *     was changed.
         */
        GroupIncomplete: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "The group of callback 1042 cannot be rebuilt: some of its callbacks have been deleted (RETENTION_DAYS)"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The path exists, but not with this method. */
        MethodNotAllowed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Method Not Allowed",
                 *       "status": 405,
                 *       "detail": "/api/groups does not take DELETE."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description The password is wrong, and within a minute there were 10 wrong ones from this address (IPv6: its /64), or 100 in
         *     all. The right password is accepted at any time.
         */
        TooManyAttempts: {
            headers: {
                /**
                 * @description Seconds to wait.
                 * @example 42
                 */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Too Many Requests",
                 *       "status": 429,
                 *       "detail": "Too many wrong passwords: wait 42 s, or send the right one"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The store does not answer. Nothing was changed. */
        StoreUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "detail": "The store does not answer; try again."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The reference cannot be read, because a file of the installation is missing or changed. */
        ReferenceUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "about:blank",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "detail": "The reference cannot be read; run npm run generate. The log says more."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The most rows of one page. */
        limit: number;
        /** @description `nextCursor` of the page before. Opaque: its form may change. */
        cursor: string;
        /**
         * @description The command, in full; or a pattern, in which `*` stands for any text and ASCII letters match in either case:
         *     `*creategroup*` finds every command with that in its name.
         * @example Group.CallbackAfterCreateGroup
         */
        command: string;
        /**
         * @description What the command begins with, up to its dot: also that of commands which the contract does not describe. `other`
         *     is every family of which the contract describes no command; `Backfill` are the snapshots.
         * @example Sns
         */
        family: string;
        /**
         * @description The group that the callback names, in full.
         * @example @TGS#2J4SZEAEL
         */
        groupId: string;
        /**
         * @description An account that the callback names, in full: as an actor or as a target. Of a long list of accounts in one
         *     callback, the first 20 are found; of friends, blocklists and push events, up to 1,000. Rejected and unknown
         *     callbacks are not found by it; those that were stored by a version before this filter are found after `npm run
         *     replay`.
         * @example mina
         */
        account: string;
        /**
         * @description `true`: only callbacks that came more than once.
         * @example true
         */
        repeated: boolean;
        /**
         * @description Only callbacks that were received at this time or later.
         * @example 2022-12-09T08:00:00Z
         */
        since: string;
        /**
         * @description Only callbacks that were received before this time.
         * @example 2022-12-09T09:00:00+08:00
         */
        until: string;
        /**
         * @description The form of the response. Without it the header `Accept` counts: `application/x-ndjson` and `text/csv` are exports.
         *     An export has all that match, from `cursor` on, and at most `limit` only where that is given. A connection that
         *     closes before the end of the response has left some out.
         *
         *     `ndjson`: each item of the list as it is, one a line. `csv`: a header, then a row for each; UTF-8 with a byte order
         *     mark, quoted as RFC 4180 says; lists and objects are JSON, and null is empty. A text that a spreadsheet would take
         *     for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an apostrophe before it.
         * @example csv
         */
        format: "json" | "ndjson" | "csv";
        /**
         * @description `true`: only counts what matches, and changes nothing.
         * @example true
         */
        dryRun: boolean;
        /** @description The most callbacks of one request. */
        portion: number;
        /**
         * @description The callback's id.
         * @example 1043
         */
        callbackId: components["schemas"]["CallbackId"];
        /**
         * @description The consumer's name, percent-encoded.
         * @example handlers
         */
        consumerName: string;
        /**
         * @description The consumer's name, in full.
         * @example handlers
         */
        consumerFilter: string;
        /**
         * @description What became of the delivery.
         * @example dead
         */
        deliveryStatus: components["schemas"]["DeliveryStatus"];
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><title>Callbacks</title> */
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
        };
    };
    getPageAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The file's name.
                 * @example page.js
                 */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example // generated, run npm run generate */
                    "text/javascript": string;
                    /** @example /* generated, run npm run generate *\/ */
                    "text/css": string;
                    /** @example <svg xmlns="http://www.w3.org/2000/svg"/> */
                    "image/svg+xml": string;
                    /** @example The licences of what the page contains. */
                    "text/plain": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /**
                 * @description Part of the group's id, of its name or of the owner's account. Upper and lower case of ASCII letters are alike.
                 * @example book
                 */
                search?: string;
                /**
                 * @description The group's type. `Work` and `Private` are two names of one type, and so are `Meeting` and `ChatRoom`:
                 *     either name finds the groups of both. Any other value finds the groups whose type is spelt just so.
                 * @example Public
                 */
                type?: string;
                /**
                 * @description The owner's account, in full.
                 * @example leckie
                 */
                owner?: string;
                /** @description The most rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
                /**
                 * @description The form of the response. Without it the header `Accept` counts: `application/x-ndjson` and `text/csv` are exports.
                 *     An export has all that match, from `cursor` on, and at most `limit` only where that is given. A connection that
                 *     closes before the end of the response has left some out.
                 *
                 *     `ndjson`: each item of the list as it is, one a line. `csv`: a header, then a row for each; UTF-8 with a byte order
                 *     mark, quoted as RFC 4180 says; lists and objects are JSON, and null is empty. A text that a spreadsheet would take
                 *     for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an apostrophe before it.
                 * @example csv
                 */
                format?: components["parameters"]["format"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of groups. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "groups": [
                     *         {
                     *           "sdkAppId": 1400000000,
                     *           "groupId": "@TGS#2J4SZEAEL",
                     *           "type": "Public",
                     *           "name": "MyFirstGroup",
                     *           "ownerAccount": "leckie",
                     *           "operatorAccount": "group_root",
                     *           "introduction": null,
                     *           "notification": null,
                     *           "faceUrl": null,
                     *           "members": [
                     *             "bob",
                     *             "peter"
                     *           ],
                     *           "memberCount": 2,
                     *           "full": false,
                     *           "customFields": [
                     *             {
                     *               "key": "UserDefined1",
                     *               "value": "hello"
                     *             },
                     *             {
                     *               "key": "UserDefined2",
                     *               "value": "world"
                     *             }
                     *           ],
                     *           "partial": false,
                     *           "createdAt": "2022-12-09T08:26:54.123Z",
                     *           "receivedAt": "2022-12-09T08:26:54.391Z",
                     *           "destroyedAt": null,
                     *           "clientIp": "203.0.113.7",
                     *           "optPlatform": "iOS"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        /** @description At most `limit` of them; empty where nothing matches. */
                        groups: components["schemas"]["Group"][];
                        nextCursor: components["schemas"]["NextCursor"];
                        incomplete?: components["schemas"]["Incomplete"];
                    };
                    /** @example {"sdkAppId":1400000000,"groupId":"@TGS#2J4SZEAEL","type":"Public","name":"MyFirstGroup","ownerAccount":"leckie","operatorAccount":"group_root","introduction":null,"notification":null,"faceUrl":null,"members":["bob"],"memberCount":1,"full":false,"customFields":[],"partial":false,"createdAt":"2022-12-09T08:26:54.123Z","receivedAt":"2022-12-09T08:26:54.391Z","destroyedAt":null,"clientIp":"203.0.113.7","optPlatform":"iOS"} */
                    "application/x-ndjson": string;
                    /**
                     * @example sdkAppId,groupId,type,name,ownerAccount
                     *     1400000000,'@TGS#2J4SZEAEL,Public,MyFirstGroup,leckie
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The group's id, percent-encoded: `@TGS#2J4SZEAEL` is `%40TGS%232J4SZEAEL`, and a `/` within an id is `%2F`.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sdkAppId": 1400000000,
                     *       "groupId": "@TGS#_5ASTRO7QXM",
                     *       "type": "Community",
                     *       "name": "Amateur astronomers",
                     *       "ownerAccount": null,
                     *       "operatorAccount": "administrator",
                     *       "introduction": "We look up.",
                     *       "notification": null,
                     *       "faceUrl": "https://example.com/stars.png",
                     *       "members": [
                     *         "zoe"
                     *       ],
                     *       "memberCount": 1,
                     *       "full": false,
                     *       "customFields": [],
                     *       "partial": false,
                     *       "createdAt": "2024-06-10T06:27:34.098Z",
                     *       "receivedAt": "2024-06-10T06:27:37.204Z",
                     *       "destroyedAt": null,
                     *       "clientIp": null,
                     *       "optPlatform": "RESTAPI",
                     *       "memberDetails": [
                     *         {
                     *           "account": "zoe",
                     *           "since": "2024-06-11T19:02:11.310Z",
                     *           "how": "Apply",
                     *           "by": "zoe",
                     *           "role": "Admin",
                     *           "nameCard": "Zoe, who sleeps by day"
                     *         }
                     *       ],
                     *       "attributes": [
                     *         {
                     *           "key": "next-meeting",
                     *           "value": "new moon"
                     *         }
                     *       ],
                     *       "topics": [
                     *         {
                     *           "topicId": "@TGS#_5ASTRO7QXM@TOPIC#_@TGS#_7TELESCOPES",
                     *           "name": "Telescopes"
                     *         }
                     *       ],
                     *       "confirmedAt": "2024-06-12T02:00:04.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["GroupDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getGroupHistory: {
        parameters: {
            query?: {
                /** @description The most callbacks of one page; each comes with its body. */
                limit?: number;
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path: {
                /**
                 * @description The group's id, percent-encoded.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of callbacks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbacks": [
                     *         {
                     *           "id": "1042",
                     *           "command": "Group.CallbackAfterCreateGroup",
                     *           "source": "callback",
                     *           "status": "accepted",
                     *           "sdkAppId": 1400000000,
                     *           "groupId": "@TGS#2J4SZEAEL",
                     *           "eventTime": "2022-12-09T08:26:54.123Z",
                     *           "receivedAt": "2022-12-09T08:26:54.391Z",
                     *           "repeats": 0,
                     *           "reason": null,
                     *           "decision": null,
                     *           "ignored": false,
                     *           "query": {
                     *             "SdkAppid": "1400000000",
                     *             "CallbackCommand": "Group.CallbackAfterCreateGroup",
                     *             "contenttype": "json"
                     *           },
                     *           "body": "{\"CallbackCommand\":\"Group.CallbackAfterCreateGroup\",\"GroupId\":\"@TGS#2J4SZEAEL\",\"Name\":\"MyFirstGroup\",\"Operator_Account\":\"group_root\",\"Type\":\"Public\",\"EventTime\":1670574414123}"
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        /** @description At most `limit` of them. */
                        callbacks: components["schemas"]["CallbackDetail"][];
                        nextCursor: components["schemas"]["NextCursor"];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    reconcileGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The group's id, percent-encoded.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The vendor was asked. The group is now as the vendor has it, or newer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "differences": [
                     *         {
                     *           "groupId": "@TGS#2J4SZEAEL",
                     *           "kind": "different",
                     *           "field": "name",
                     *           "of": null,
                     *           "mirror": "MyFirstGroup",
                     *           "vendor": "MyBestGroup"
                     *         }
                     *       ],
                     *       "count": 1,
                     *       "stored": true,
                     *       "confirmedAt": "2026-06-12T02:00:04.000Z"
                     *     }
                     */
                    "application/json": {
                        /** @description What was different, at most 1,000 of them; empty where nothing was. */
                        differences: components["schemas"]["Difference"][];
                        /** @description How many differences there were. */
                        count: number;
                        /** @description Whether a snapshot was stored, as something was different. */
                        stored: boolean;
                        /**
                         * Format: date-time
                         * @description When the vendor was asked, by its clock.
                         */
                        confirmedAt: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description The settings of the vendor's REST API are missing. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The vendor cannot be asked: set REST_DOMAIN, REST_ADMIN and REST_KEY."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyAttempts"];
            /** @description The vendor refuses. The text says what to do. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Gateway",
                     *       "status": 502,
                     *       "detail": "get_group_info: the vendor answered 60010, the caller is no administrator"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The vendor is away, or the store does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "the vendor did not answer within 30 s"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCallbacks: {
        parameters: {
            query?: {
                /**
                 * @description The command, in full; or a pattern, in which `*` stands for any text and ASCII letters match in either case:
                 *     `*creategroup*` finds every command with that in its name.
                 * @example Group.CallbackAfterCreateGroup
                 */
                command?: components["parameters"]["command"];
                /**
                 * @description What the command begins with, up to its dot: also that of commands which the contract does not describe. `other`
                 *     is every family of which the contract describes no command; `Backfill` are the snapshots.
                 * @example Sns
                 */
                family?: components["parameters"]["family"];
                /**
                 * @description What became of the callback.
                 * @example rejected
                 */
                status?: components["schemas"]["CallbackStatus"];
                /**
                 * @description The group that the callback names, in full.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId?: components["parameters"]["groupId"];
                /**
                 * @description An account that the callback names, in full: as an actor or as a target. Of a long list of accounts in one
                 *     callback, the first 20 are found; of friends, blocklists and push events, up to 1,000. Rejected and unknown
                 *     callbacks are not found by it; those that were stored by a version before this filter are found after `npm run
                 *     replay`.
                 * @example mina
                 */
                account?: components["parameters"]["account"];
                /**
                 * @description `true`: only callbacks that came more than once.
                 * @example true
                 */
                repeated?: components["parameters"]["repeated"];
                /**
                 * @description Only callbacks that were received at this time or later.
                 * @example 2022-12-09T08:00:00Z
                 */
                since?: components["parameters"]["since"];
                /**
                 * @description Only callbacks that were received before this time.
                 * @example 2022-12-09T09:00:00+08:00
                 */
                until?: components["parameters"]["until"];
                /**
                 * @description `desc`: newest first. `asc`: oldest first.
                 * @example asc
                 */
                order?: "asc" | "desc";
                /** @description The most rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
                /**
                 * @description The form of the response. Without it the header `Accept` counts: `application/x-ndjson` and `text/csv` are exports.
                 *     An export has all that match, from `cursor` on, and at most `limit` only where that is given. A connection that
                 *     closes before the end of the response has left some out.
                 *
                 *     `ndjson`: each item of the list as it is, one a line. `csv`: a header, then a row for each; UTF-8 with a byte order
                 *     mark, quoted as RFC 4180 says; lists and objects are JSON, and null is empty. A text that a spreadsheet would take
                 *     for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an apostrophe before it.
                 * @example csv
                 */
                format?: components["parameters"]["format"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of callbacks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbacks": [
                     *         {
                     *           "id": "1042",
                     *           "command": "Group.CallbackAfterCreateGroup",
                     *           "source": "callback",
                     *           "status": "accepted",
                     *           "sdkAppId": 1400000000,
                     *           "groupId": "@TGS#2J4SZEAEL",
                     *           "eventTime": "2022-12-09T08:26:54.123Z",
                     *           "receivedAt": "2022-12-09T08:26:54.391Z",
                     *           "repeats": 1,
                     *           "reason": null,
                     *           "decision": null,
                     *           "ignored": false
                     *         },
                     *         {
                     *           "id": "1041",
                     *           "command": "Live.CallbackAfterCreateRoom",
                     *           "source": "callback",
                     *           "status": "unknown",
                     *           "sdkAppId": 1400000000,
                     *           "groupId": null,
                     *           "eventTime": null,
                     *           "receivedAt": "2022-12-09T08:26:51.007Z",
                     *           "repeats": 0,
                     *           "reason": "The contract does not describe Live.CallbackAfterCreateRoom.",
                     *           "decision": null,
                     *           "ignored": false
                     *         }
                     *       ],
                     *       "nextCursor": "1041"
                     *     }
                     */
                    "application/json": {
                        /** @description At most `limit` of them; empty where nothing matches. */
                        callbacks: components["schemas"]["Callback"][];
                        nextCursor: components["schemas"]["NextCursor"];
                        incomplete?: components["schemas"]["Incomplete"];
                    };
                    /** @example {"id":"1042","command":"Group.CallbackAfterCreateGroup","source":"callback","status":"accepted","sdkAppId":1400000000,"groupId":"@TGS#2J4SZEAEL","eventTime":"2022-12-09T08:26:54.123Z","receivedAt":"2022-12-09T08:26:54.391Z","repeats":1,"reason":null,"decision":null,"ignored":false} */
                    "application/x-ndjson": string;
                    /**
                     * @example id,command,source,status,sdkAppId,groupId,eventTime,receivedAt,repeats,reason,decision,ignored
                     *     1042,Group.CallbackAfterCreateGroup,callback,accepted,1400000000,'@TGS#2J4SZEAEL,2022-12-09T08:26:54.123Z,2022-12-09T08:26:54.391Z,1,,,false
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    retryCallbacks: {
        parameters: {
            query: {
                /**
                 * @description Which callbacks are judged again. Accepted ones cannot be.
                 * @example rejected
                 */
                status: "rejected" | "unknown";
                /**
                 * @description The command, in full; or a pattern, in which `*` stands for any text and ASCII letters match in either case:
                 *     `*creategroup*` finds every command with that in its name.
                 * @example Group.CallbackAfterCreateGroup
                 */
                command?: components["parameters"]["command"];
                /**
                 * @description What the command begins with, up to its dot: also that of commands which the contract does not describe. `other`
                 *     is every family of which the contract describes no command; `Backfill` are the snapshots.
                 * @example Sns
                 */
                family?: components["parameters"]["family"];
                /**
                 * @description The group that the callback names, in full.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId?: components["parameters"]["groupId"];
                /**
                 * @description An account that the callback names, in full: as an actor or as a target. Of a long list of accounts in one
                 *     callback, the first 20 are found; of friends, blocklists and push events, up to 1,000. Rejected and unknown
                 *     callbacks are not found by it; those that were stored by a version before this filter are found after `npm run
                 *     replay`.
                 * @example mina
                 */
                account?: components["parameters"]["account"];
                /**
                 * @description `true`: only callbacks that came more than once.
                 * @example true
                 */
                repeated?: components["parameters"]["repeated"];
                /**
                 * @description Only callbacks that were received at this time or later.
                 * @example 2022-12-09T08:00:00Z
                 */
                since?: components["parameters"]["since"];
                /**
                 * @description Only callbacks that were received before this time.
                 * @example 2022-12-09T09:00:00+08:00
                 */
                until?: components["parameters"]["until"];
                /**
                 * @description `true`: only counts what matches, and changes nothing.
                 * @example true
                 */
                dryRun?: components["parameters"]["dryRun"];
                /** @description The most callbacks of one request. */
                limit?: components["parameters"]["portion"];
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was done with this portion; with `dryRun`, how many match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Portion"] | components["schemas"]["Count"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            /** @description The store does not answer. What was done before stays done: send the same request again to go on. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The store did not answer; the log says more"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ignoreCallbacks: {
        parameters: {
            query?: {
                /**
                 * @description What became of the callback.
                 * @example rejected
                 */
                status?: components["schemas"]["CallbackStatus"];
                /**
                 * @description The command, in full; or a pattern, in which `*` stands for any text and ASCII letters match in either case:
                 *     `*creategroup*` finds every command with that in its name.
                 * @example Group.CallbackAfterCreateGroup
                 */
                command?: components["parameters"]["command"];
                /**
                 * @description What the command begins with, up to its dot: also that of commands which the contract does not describe. `other`
                 *     is every family of which the contract describes no command; `Backfill` are the snapshots.
                 * @example Sns
                 */
                family?: components["parameters"]["family"];
                /**
                 * @description The group that the callback names, in full.
                 * @example @TGS#2J4SZEAEL
                 */
                groupId?: components["parameters"]["groupId"];
                /**
                 * @description An account that the callback names, in full: as an actor or as a target. Of a long list of accounts in one
                 *     callback, the first 20 are found; of friends, blocklists and push events, up to 1,000. Rejected and unknown
                 *     callbacks are not found by it; those that were stored by a version before this filter are found after `npm run
                 *     replay`.
                 * @example mina
                 */
                account?: components["parameters"]["account"];
                /**
                 * @description `true`: only callbacks that came more than once.
                 * @example true
                 */
                repeated?: components["parameters"]["repeated"];
                /**
                 * @description Only callbacks that were received at this time or later.
                 * @example 2022-12-09T08:00:00Z
                 */
                since?: components["parameters"]["since"];
                /**
                 * @description Only callbacks that were received before this time.
                 * @example 2022-12-09T09:00:00+08:00
                 */
                until?: components["parameters"]["until"];
                /**
                 * @description `true`: only counts what matches, and changes nothing.
                 * @example true
                 */
                dryRun?: components["parameters"]["dryRun"];
                /** @description The most callbacks of one request. */
                limit?: components["parameters"]["portion"];
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was done with this portion; with `dryRun`, how many match. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Portion"] | components["schemas"]["Count"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            /** @description The store does not answer. What was done before stays done: send the same request again to go on. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Service Unavailable",
                     *       "status": 503,
                     *       "detail": "The store did not answer; the log says more"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The callback's id.
                 * @example 1043
                 */
                id: components["parameters"]["callbackId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The callback, with its query, body and reply. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1043",
                     *       "command": "Group.CallbackAfterCreateGroup",
                     *       "source": "callback",
                     *       "status": "rejected",
                     *       "sdkAppId": 1400000000,
                     *       "groupId": null,
                     *       "eventTime": null,
                     *       "receivedAt": "2022-12-09T08:27:12.650Z",
                     *       "repeats": 0,
                     *       "reason": "body.GroupId is required",
                     *       "decision": null,
                     *       "ignored": false,
                     *       "query": {
                     *         "SdkAppid": "1400000000",
                     *         "CallbackCommand": "Group.CallbackAfterCreateGroup",
                     *         "contenttype": "json",
                     *         "ClientIP": "203.0.113.7",
                     *         "OptPlatform": [
                     *           "iOS",
                     *           "Unknown"
                     *         ]
                     *       },
                     *       "body": "{\"CallbackCommand\":\"Group.CallbackAfterCreateGroup\",\"Name\":\"MyFirstGroup\",\"Operator_Account\":\"group_root\",\"Type\":\"Public\"}",
                     *       "reply": {
                     *         "status": 400,
                     *         "body": "{\"ActionStatus\":\"FAIL\",\"ErrorInfo\":\"body.GroupId is required\",\"ErrorCode\":10100}",
                     *         "milliseconds": 1.4
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["CallbackDetail"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    retryCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The callback's id.
                 * @example 1043
                 */
                id: components["parameters"]["callbackId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The callback as it now stands, which may still be rejected or unknown. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1043",
                     *       "command": "Group.CallbackAfterCreateGroup",
                     *       "source": "callback",
                     *       "status": "accepted",
                     *       "sdkAppId": 1400000000,
                     *       "groupId": "@TGS#2J4SZEAEL",
                     *       "eventTime": "2022-12-09T08:26:54.123Z",
                     *       "receivedAt": "2022-12-09T08:27:12.650Z",
                     *       "repeats": 0,
                     *       "reason": null,
                     *       "decision": null,
                     *       "ignored": false
                     *     }
                     */
                    "application/json": components["schemas"]["Callback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description The callback is accepted already, and there is nothing to judge; or it is ignored. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "Callback 1042 is accepted already."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    ignoreCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The callback's id.
                 * @example 1043
                 */
                id: components["parameters"]["callbackId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The callback as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1042",
                     *       "command": "Group.CallbackAfterCreateGroup",
                     *       "source": "callback",
                     *       "status": "accepted",
                     *       "sdkAppId": 1400000000,
                     *       "groupId": "@TGS#2J4SZEAEL",
                     *       "eventTime": "2022-12-09T08:26:54.123Z",
                     *       "receivedAt": "2022-12-09T08:26:54.391Z",
                     *       "repeats": 0,
                     *       "reason": null,
                     *       "decision": null,
                     *       "ignored": true
                     *     }
                     */
                    "application/json": components["schemas"]["Callback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["GroupIncomplete"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    unignoreCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The callback's id.
                 * @example 1043
                 */
                id: components["parameters"]["callbackId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The callback as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "1042",
                     *       "command": "Group.CallbackAfterCreateGroup",
                     *       "source": "callback",
                     *       "status": "accepted",
                     *       "sdkAppId": 1400000000,
                     *       "groupId": "@TGS#2J4SZEAEL",
                     *       "eventTime": "2022-12-09T08:26:54.123Z",
                     *       "receivedAt": "2022-12-09T08:26:54.391Z",
                     *       "repeats": 0,
                     *       "reason": null,
                     *       "decision": null,
                     *       "ignored": false
                     *     }
                     */
                    "application/json": components["schemas"]["Callback"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            409: components["responses"]["GroupIncomplete"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The account's UserID, percent-encoded.
                 * @example mina
                 */
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sdkAppId": 1400000000,
                     *       "account": "mina",
                     *       "presence": {
                     *         "state": "online",
                     *         "action": "Login",
                     *         "reason": "Register",
                     *         "since": "2022-12-09T08:26:54.123Z",
                     *         "timed": true
                     *       },
                     *       "customStatus": {
                     *         "text": "At the telescope",
                     *         "since": "2022-12-09T08:27:30.006Z",
                     *         "timed": true
                     *       },
                     *       "groups": [
                     *         {
                     *           "groupId": "@TGS#2J4SZEAEL",
                     *           "type": "Public",
                     *           "name": "Amateur astronomers",
                     *           "owner": true,
                     *           "role": null,
                     *           "memberCount": 3
                     *         }
                     *       ],
                     *       "friends": [
                     *         {
                     *           "account": "otto",
                     *           "since": "2022-12-08T19:02:11.310Z",
                     *           "timed": false
                     *         }
                     *       ],
                     *       "blocked": [
                     *         {
                     *           "account": "pia",
                     *           "since": "2022-12-08T19:05:40.127Z",
                     *           "timed": false
                     *         }
                     *       ],
                     *       "incomplete": false
                     *     }
                     */
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    listConsumers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them; empty where none has been registered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "consumers": [
                     *         {
                     *           "name": "handlers",
                     *           "kind": "handlers",
                     *           "place": "0-1043",
                     *           "lag": 3,
                     *           "lagCapped": false,
                     *           "oldest": "2022-12-09T08:26:54.391Z",
                     *           "parked": 1,
                     *           "dead": 0,
                     *           "state": "running",
                     *           "detail": null,
                     *           "ranAt": "2022-12-09T08:27:12.650Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        /** @description By name. */
                        consumers: components["schemas"]["Consumer"][];
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    removeConsumer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The consumer's name, percent-encoded.
                 * @example handlers
                 */
                name: components["parameters"]["consumerName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The consumer as it was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "handlers",
                     *       "kind": "handlers",
                     *       "place": "0-1043",
                     *       "lag": 3,
                     *       "lagCapped": false,
                     *       "oldest": "2022-12-09T08:26:54.391Z",
                     *       "parked": 1,
                     *       "dead": 0,
                     *       "state": "idle",
                     *       "detail": null,
                     *       "ranAt": "2022-12-09T08:27:12.650Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Consumer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description A process runs it, and would go on. Nothing was changed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "A process runs the consumer \"handlers\": remove its handlers and restart, then remove it"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    pauseConsumer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The consumer's name, percent-encoded.
                 * @example handlers
                 */
                name: components["parameters"]["consumerName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The consumer as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "handlers",
                     *       "kind": "handlers",
                     *       "place": "0-1043",
                     *       "lag": 3,
                     *       "lagCapped": false,
                     *       "oldest": "2022-12-09T08:26:54.391Z",
                     *       "parked": 1,
                     *       "dead": 0,
                     *       "state": "paused",
                     *       "detail": null,
                     *       "ranAt": "2022-12-09T08:27:12.650Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Consumer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    resumeConsumer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The consumer's name, percent-encoded.
                 * @example handlers
                 */
                name: components["parameters"]["consumerName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The consumer as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "handlers",
                     *       "kind": "handlers",
                     *       "place": "0-1043",
                     *       "lag": 3,
                     *       "lagCapped": false,
                     *       "oldest": "2022-12-09T08:26:54.391Z",
                     *       "parked": 1,
                     *       "dead": 0,
                     *       "state": "running",
                     *       "detail": null,
                     *       "ranAt": "2022-12-09T08:27:12.650Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Consumer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    rewindConsumer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The consumer's name, percent-encoded.
                 * @example handlers
                 */
                name: components["parameters"]["consumerName"];
            };
            cookie?: never;
        };
        /** @description At most 64 KB. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "to": "2022-12-09T08:00:00Z"
                 *     }
                 */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description The time.
                     */
                    to: string;
                };
            };
        };
        responses: {
            /** @description The consumer as it was when it was asked. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "handlers",
                     *       "kind": "handlers",
                     *       "place": "0-1043",
                     *       "lag": 3,
                     *       "lagCapped": false,
                     *       "oldest": "2022-12-09T08:26:54.391Z",
                     *       "parked": 1,
                     *       "dead": 0,
                     *       "state": "running",
                     *       "detail": null,
                     *       "ranAt": "2022-12-09T08:27:12.650Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Consumer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["NotJson"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    sendToConsumer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The consumer's name, percent-encoded.
                 * @example handlers
                 */
                name: components["parameters"]["consumerName"];
            };
            cookie?: never;
        };
        /** @description At most 64 KB. */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "callbackId": "1043"
                 *     }
                 */
                "application/json": {
                    callbackId: components["schemas"]["CallbackId"];
                };
            };
        };
        responses: {
            /** @description The consumer as it was when it was asked. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "handlers",
                     *       "kind": "handlers",
                     *       "place": "0-1043",
                     *       "lag": 3,
                     *       "lagCapped": false,
                     *       "oldest": "2022-12-09T08:26:54.391Z",
                     *       "parked": 1,
                     *       "dead": 0,
                     *       "state": "running",
                     *       "detail": null,
                     *       "ranAt": "2022-12-09T08:27:12.650Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Consumer"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description The callback is rejected, so it cannot be delivered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "The callback 1043 is rejected: retry it first, and it is delivered once it is accepted"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["NotJson"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description The consumer's name, in full.
                 * @example handlers
                 */
                consumer?: components["parameters"]["consumerFilter"];
                /**
                 * @description What became of the delivery.
                 * @example dead
                 */
                status?: components["parameters"]["deliveryStatus"];
                /** @description The most rows of one page. */
                limit?: components["parameters"]["limit"];
                /** @description `nextCursor` of the page before. Opaque: its form may change. */
                cursor?: components["parameters"]["cursor"];
                /**
                 * @description The form of the response. Without it the header `Accept` counts: `application/x-ndjson` and `text/csv` are exports.
                 *     An export has all that match, from `cursor` on, and at most `limit` only where that is given. A connection that
                 *     closes before the end of the response has left some out.
                 *
                 *     `ndjson`: each item of the list as it is, one a line. `csv`: a header, then a row for each; UTF-8 with a byte order
                 *     mark, quoted as RFC 4180 says; lists and objects are JSON, and null is empty. A text that a spreadsheet would take
                 *     for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an apostrophe before it.
                 * @example csv
                 */
                format?: components["parameters"]["format"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of deliveries. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "deliveries": [
                     *         {
                     *           "id": "0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f",
                     *           "consumer": "handlers",
                     *           "callbackId": "1043",
                     *           "item": null,
                     *           "command": "Group.CallbackAfterCreateGroup",
                     *           "subject": {
                     *             "kind": "group",
                     *             "value": "@TGS#2J4SZEAEL"
                     *           },
                     *           "status": "parked",
                     *           "attempts": 2,
                     *           "error": "Error: connect ECONNREFUSED 127.0.0.1:5432",
                     *           "createdAt": "2022-12-09T08:26:54.500Z",
                     *           "failedAt": "2022-12-09T08:26:55.500Z",
                     *           "nextAttemptAt": "2022-12-09T08:27:00.500Z",
                     *           "late": false,
                     *           "waiting": 4,
                     *           "moreWaiting": false
                     *         }
                     *       ],
                     *       "nextCursor": null
                     *     }
                     */
                    "application/json": {
                        /** @description At most `limit` of them; empty where nothing matches. */
                        deliveries: components["schemas"]["Delivery"][];
                        nextCursor: components["schemas"]["NextCursor"];
                    };
                    /** @example {"id":"0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f","consumer":"handlers","callbackId":"1043","item":null,"command":"Group.CallbackAfterCreateGroup","subject":{"kind":"group","value":"@TGS#2J4SZEAEL"},"status":"parked","attempts":2,"error":"Error: connect ECONNREFUSED 127.0.0.1:5432","createdAt":"2022-12-09T08:26:54.500Z","failedAt":"2022-12-09T08:26:55.500Z","nextAttemptAt":"2022-12-09T08:27:00.500Z","late":false,"waiting":4,"moreWaiting":false} */
                    "application/x-ndjson": string;
                    /**
                     * @example id,consumer,callbackId,item,command,subject,status,attempts
                     *     0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f,handlers,1043,,Group.CallbackAfterCreateGroup,"{""kind"":""group"",""value"":""@TGS#2J4SZEAEL""}",parked,2
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The delivery's id.
                 * @example 0198c0de-7a3b-7cc4-9e5f-6d2b3a4c5e6f
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["Retrying"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    retryDeliveries: {
        parameters: {
            query?: {
                /**
                 * @description The consumer's name, in full.
                 * @example handlers
                 */
                consumer?: components["parameters"]["consumerFilter"];
                /**
                 * @description What became of the delivery.
                 * @example dead
                 */
                status?: components["parameters"]["deliveryStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: components["responses"]["Retrying"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getAbout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The receiver as configured, without its secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sdkAppId": 1400000000,
                     *       "version": "0.1.0",
                     *       "callbackUrl": "http://127.0.0.1:3000/",
                     *       "demo": true,
                     *       "signed": false,
                     *       "database": "sqlite",
                     *       "triggerCommand": "npm run trigger",
                     *       "backfill": {
                     *         "configured": true,
                     *         "command": "npm run backfill",
                     *         "auditHours": 24,
                     *         "repairs": false,
                     *         "lastRun": null,
                     *         "lastAudit": {
                     *           "startedAt": "2026-06-12T02:00:00.000Z",
                     *           "finishedAt": "2026-06-12T02:03:21.000Z",
                     *           "compared": 10412,
                     *           "differing": 2,
                     *           "differences": 3,
                     *           "stored": 0,
                     *           "leftOut": 0
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["About"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
        };
    };
    getSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What has come so far. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "publicUrl": "https://callbacks.example.com/",
                     *       "since": "2026-06-12T08:00:00.000Z",
                     *       "probes": {
                     *         "count": 1,
                     *         "lastAt": "2026-06-12T08:02:11.000Z"
                     *       },
                     *       "signatures": {
                     *         "checked": true,
                     *         "taken": {
                     *           "count": 214,
                     *           "lastAt": "2026-06-12T09:30:02.114Z"
                     *         },
                     *         "refused": {
                     *           "count": 0,
                     *           "lastAt": null
                     *         }
                     *       },
                     *       "commands": [
                     *         {
                     *           "command": "Group.CallbackAfterCreateGroup",
                     *           "count": 37,
                     *           "countCapped": false,
                     *           "lastAt": "2026-06-12T09:30:02.114Z",
                     *           "handled": true,
                     *           "expected": false
                     *         },
                     *         {
                     *           "command": "Group.CallbackAfterGroupDestroyed",
                     *           "count": 0,
                     *           "countCapped": false,
                     *           "lastAt": null,
                     *           "handled": false,
                     *           "expected": true
                     *         }
                     *       ],
                     *       "incomplete": false
                     *     }
                     */
                    "application/json": components["schemas"]["Setup"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    checkPublicUrl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "reached",
                     *       "at": "2026-06-12T08:01:00.000Z",
                     *       "detail": null
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description `reached`: a receiver of callbacks answered; `unknown`: the check tells nothing.
                         * @enum {string}
                         */
                        state: "reached" | "unknown";
                        /**
                         * Format: date-time
                         * @description When it was asked.
                         */
                        at: string;
                        /** @description Why nothing is known; null where it was reached. */
                        detail: string | null;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            /** @description `PUBLIC_URL` is not set. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Conflict",
                     *       "status": 409,
                     *       "detail": "There is no public URL to check: set PUBLIC_URL, and start the receiver again"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyAttempts"];
        };
    };
    sendTestCallback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The public listener answered. A callback that it refused is told here too. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": 200,
                     *       "reply": {
                     *         "ActionStatus": "OK",
                     *         "ErrorCode": 0,
                     *         "ErrorInfo": ""
                     *       },
                     *       "groupId": "@TGS#TEST5HJ2KQ"
                     *     }
                     */
                    "application/json": {
                        /** @description The HTTP status of the answer. */
                        status: number;
                        /** @description The answer, as the contract of the callbacks describes it. */
                        reply: {
                            /** @description `OK` or `FAIL`. */
                            ActionStatus: string;
                            /** @description 0 with `OK`. */
                            ErrorCode: number;
                            /** @description Empty with `OK`. */
                            ErrorInfo: string;
                        };
                        /** @description The group that the callback says was created. */
                        groupId: string;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            /** @description The public listener cannot be reached from here, for example because it asks for client certificates. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "about:blank",
                     *       "title": "Bad Gateway",
                     *       "status": 502,
                     *       "detail": "https://127.0.0.1:3000/ did not answer. Where it asks for client certificates, only who has one can send."
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures of this moment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "since": "2024-06-10T06:20:11.000Z",
                     *       "groupsByType": {
                     *         "hour": [
                     *           {
                     *             "type": "Public",
                     *             "count": 3
                     *           }
                     *         ],
                     *         "day": [
                     *           {
                     *             "type": "Public",
                     *             "count": 41
                     *           },
                     *           {
                     *             "type": "Work",
                     *             "count": 7
                     *           }
                     *         ],
                     *         "week": [
                     *           {
                     *             "type": "Public",
                     *             "count": 260
                     *           },
                     *           {
                     *             "type": "Work",
                     *             "count": 52
                     *           }
                     *         ]
                     *       },
                     *       "minutes": [
                     *         {
                     *           "at": "2024-06-10T06:27:00.000Z",
                     *           "accepted": 12,
                     *           "unknown": 1,
                     *           "rejected": 0,
                     *           "repeats": 2,
                     *           "refused": 0,
                     *           "decisions": {
                     *             "allowed": 9,
                     *             "refused": 1,
                     *             "changed": 0,
                     *             "fallback": 0
                     *           },
                     *           "medianSeconds": 0.002,
                     *           "p99Seconds": 0.011
                     *         }
                     *       ],
                     *       "database": {
                     *         "state": "available",
                     *         "since": null
                     *       },
                     *       "spool": null
                     *     }
                     */
                    "application/json": components["schemas"]["Stats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state of this moment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "database": {
                     *         "state": "away",
                     *         "since": "2024-06-10T06:27:11.000Z"
                     *       },
                     *       "spool": {
                     *         "depth": 214,
                     *         "oldestSeconds": 63.2,
                     *         "inUse": true
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["State"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    streamLive: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The last `id` that the reader has. Anything that is none gives a `gap`.
                 * @example 1042
                 */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example retry: 1000
                     *     id: 1042
                     *
                     *     event: gap
                     *     data: {"missed":12,"readers":3}
                     */
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
    getReference: {
        parameters: {
            query?: {
                /**
                 * @description The language that it opens in. Without it, the one chosen on the page, or else the browser's.
                 * @example zh
                 */
                lang?: "en" | "zh";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page. */
            200: {
                headers: {
                    /**
                     * @description Forbids the page to load anything, and to be framed.
                     * @example default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'
                     */
                    "Content-Security-Policy"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /** @example <!doctype html><title>Reference</title> */
                    "text/html": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["ReferenceUnavailable"];
        };
    };
    getContract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document, OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example openapi: 3.1.0 */
                    "application/yaml": string;
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every metric, its meaning beside it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example # HELP callbacks_total Callbacks that were stored, by what became of them.
                     *     # TYPE callbacks_total counter
                     *     callbacks_total{command="Group.CallbackAfterCreateGroup",outcome="accepted"} 1042
                     */
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            405: components["responses"]["MethodNotAllowed"];
            429: components["responses"]["TooManyAttempts"];
            503: components["responses"]["StoreUnavailable"];
        };
    };
}
