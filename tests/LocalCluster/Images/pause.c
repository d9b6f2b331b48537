/* The process that holds a pod's namespaces: it waits to be told to go, and collects orphans. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void leave(int signal_number) { _exit(0); }
static void collect(int signal_number) { while (waitpid(-1, 0, WNOHANG) > 0) { } }

int main(void)
{
    signal(SIGINT, leave);
    signal(SIGTERM, leave);
    signal(SIGCHLD, collect);
    for (;;) pause();
}
