/* Serves 'reverse' to a gearmand on this machine until it is killed. usage: gearman_worker PORT */
#include <libgearman/gearman.h>
#include <stdlib.h>

static void *reverse(gearman_job_st *job, void *context, size_t *size, gearman_return_t *status) {
    const char *workload = gearman_job_workload(job);
    *size = gearman_job_workload_size(job);
    char *result = malloc(*size + 1);
    for (size_t i = 0; i < *size; i++) {
        result[i] = workload[*size - 1 - i];
    }
    *status = GEARMAN_SUCCESS;
    return result;
}

int main(int count, char **arguments) {
    if (count != 2) {
        return 2;
    }
    gearman_worker_st *worker = gearman_worker_create(NULL);
    gearman_worker_add_server(worker, "127.0.0.1", atoi(arguments[1]));
    gearman_worker_add_function(worker, "reverse", 0, reverse, NULL);
    while (gearman_worker_work(worker) == GEARMAN_SUCCESS) {
    }
    return 1;
}
