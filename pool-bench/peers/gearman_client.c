/*
 * Keeps a window of 'reverse' tasks out at a gearmand on this machine; prints tasks a second. The library runs a batch
 * of tasks to its end before it takes more, so the window is spread over several connections that each keep their
 * share: a thread a connection.
 * usage: gearman_client PORT WINDOW BYTES SECONDS
 */
#include <libgearman/gearman.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 2, WARMUP_SECONDS = 2 };

static int port, share, bytes;
static char *payload;
static atomic_long done;
static atomic_bool stop;

static gearman_return_t answered(gearman_task_st *task) {
    const char *result = gearman_task_data(task);
    if (gearman_task_data_size(task) != (size_t) bytes || (bytes > 0 && result[0] != payload[bytes - 1])) {
        fprintf(stderr, "a result is wrong\n");
        exit(1);
    }
    atomic_fetch_add(&done, 1);
    return GEARMAN_SUCCESS;
}

static void *load(void *unused) {
    gearman_client_st *client = gearman_client_create(NULL);
    gearman_client_add_server(client, "127.0.0.1", port);
    gearman_client_set_complete_fn(client, answered);
    while (!atomic_load(&stop)) {
        gearman_return_t status;
        for (int i = 0; i < share; i++) {
            gearman_client_add_task(client, NULL, NULL, "reverse", NULL, payload, bytes, &status);
        }
        if (gearman_client_run_tasks(client) != GEARMAN_SUCCESS) {
            fprintf(stderr, "%s\n", gearman_client_error(client));
            exit(1);
        }
        gearman_client_task_free_all(client);
    }
    return unused;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 5) {
        return 2;
    }
    port = atoi(arguments[1]);
    int window = atoi(arguments[2]);
    bytes = atoi(arguments[3]);
    int connections = window < CONNECTIONS_MAX ? window : CONNECTIONS_MAX;
    share = window / connections;
    payload = malloc(bytes + 1);
    for (int i = 0; i < bytes; i++) {
        payload[i] = 'a' + i % 26;
    }
    pthread_t threads[CONNECTIONS_MAX];
    for (int i = 0; i < connections; i++) {
        pthread_create(&threads[i], NULL, load, NULL);
    }
    sleep(WARMUP_SECONDS);
    double from = now();
    long before = atomic_load(&done);
    usleep((useconds_t) (atof(arguments[4]) * 1e6));
    printf("%.0f\n", (atomic_load(&done) - before) / (now() - from));
    return 0;
}
