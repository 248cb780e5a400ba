// A Windows service that listens and connects by its arguments, so that tests know its connections.
//
//   -n NAME      the service's name
//   -l PORT      listens on 127.0.0.1, -L PORT on every address; may be repeated
//   -c PORT      connects to 127.0.0.1, retries until the port listens, keeps the connection open; may be repeated
//   -b PERCENT   uses this share of one processor
//   --plain      runs as a plain program until it is terminated
//   --child ...  starts a child process with all arguments that follow, and terminates it when the service stops
#define FD_SETSIZE 512
#include <winsock2.h>
#include <windows.h>
#include <stdio.h>

#define MAX_PORTS 16

static wchar_t *name = L"", *child_args;
static SERVICE_STATUS_HANDLE status_handle;
static HANDLE stop;
static int local_ports[MAX_PORTS], local_count, any_ports[MAX_PORTS], any_count, peer_ports[MAX_PORTS], peer_count;
static int burn, plain;

static void read_arguments(int argc, wchar_t **argv) {
  for (int i = 1; i < argc; i++) {
    if (!wcscmp(argv[i], L"--plain")) plain = 1;
    else if (!wcscmp(argv[i], L"--child")) {
      // The rest of the command line is passed on unchanged, so that no argument has to be quoted.
      child_args = wcsstr(GetCommandLineW(), L"--child") + wcslen(L"--child");
      return;
    } else if (i + 1 < argc) {
      wchar_t *value = argv[i + 1];
      if (!wcscmp(argv[i], L"-n")) name = value;
      else if (!wcscmp(argv[i], L"-l") && local_count < MAX_PORTS) local_ports[local_count++] = _wtoi(value);
      else if (!wcscmp(argv[i], L"-L") && any_count < MAX_PORTS) any_ports[any_count++] = _wtoi(value);
      else if (!wcscmp(argv[i], L"-c") && peer_count < MAX_PORTS) peer_ports[peer_count++] = _wtoi(value);
      else if (!wcscmp(argv[i], L"-b")) burn = _wtoi(value);
      else continue;
      i++;
    }
  }
}

static SOCKET open_socket(int port, DWORD address, int listening) {
  struct sockaddr_in to = {0};
  to.sin_family = AF_INET;
  to.sin_port = htons((u_short)port);
  to.sin_addr.s_addr = htonl(address);
  SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
  int failed = listening ? bind(s, (void *)&to, sizeof to) || listen(s, 64) : connect(s, (void *)&to, sizeof to);
  if (!failed) return s;
  closesocket(s);
  return INVALID_SOCKET;
}

// One thread for all sockets: opens missing sockets, accepts connections, and closes what the peer has closed.
static DWORD WINAPI network(void *unused) {
  (void)unused;
  SOCKET listeners[2 * MAX_PORTS], peers[MAX_PORTS], guests[FD_SETSIZE];
  int guest_count = 0, listener_count = local_count + any_count;
  char bytes[256];
  for (int i = 0; i < listener_count; i++) listeners[i] = INVALID_SOCKET;
  for (int i = 0; i < peer_count; i++) peers[i] = INVALID_SOCKET;
  for (;;) {
    fd_set set;
    FD_ZERO(&set);
    for (int i = 0; i < listener_count; i++) {
      int local = i < local_count;
      if (listeners[i] == INVALID_SOCKET) {
        int port = local ? local_ports[i] : any_ports[i - local_count];
        listeners[i] = open_socket(port, local ? INADDR_LOOPBACK : INADDR_ANY, 1);
      }
      if (listeners[i] != INVALID_SOCKET) FD_SET(listeners[i], &set);
    }
    for (int i = 0; i < peer_count; i++) {
      if (peers[i] == INVALID_SOCKET) peers[i] = open_socket(peer_ports[i], INADDR_LOOPBACK, 0);
      if (peers[i] != INVALID_SOCKET) FD_SET(peers[i], &set);
    }
    for (int i = 0; i < guest_count; i++) FD_SET(guests[i], &set);
    if (set.fd_count == 0) Sleep(100);
    struct timeval timeout = {0, 100000};
    if (set.fd_count == 0 || select(0, &set, NULL, NULL, &timeout) <= 0) continue;
    for (int i = 0; i < peer_count; i++) {
      if (peers[i] == INVALID_SOCKET || !FD_ISSET(peers[i], &set)) continue;
      if (recv(peers[i], bytes, sizeof bytes, 0) > 0) continue;
      closesocket(peers[i]);
      peers[i] = INVALID_SOCKET;
    }
    for (int i = 0; i < guest_count; i++) {
      if (!FD_ISSET(guests[i], &set) || recv(guests[i], bytes, sizeof bytes, 0) > 0) continue;
      closesocket(guests[i]);
      guests[i--] = guests[--guest_count];
    }
    for (int i = 0; i < listener_count; i++) {
      if (listeners[i] == INVALID_SOCKET || !FD_ISSET(listeners[i], &set)) continue;
      if (guest_count == FD_SETSIZE - 2 * MAX_PORTS - MAX_PORTS) continue;
      SOCKET guest = accept(listeners[i], NULL, NULL);
      if (guest != INVALID_SOCKET) guests[guest_count++] = guest;
    }
  }
  return 0;
}

static DWORD WINAPI burner(void *unused) {
  (void)unused;
  for (;;) {
    DWORD until = GetTickCount() + (DWORD)burn;
    while (GetTickCount() < until) continue;
    Sleep((DWORD)(100 - burn));
  }
  return 0;
}

static HANDLE start_child(void) {
  static wchar_t command[8192], program[MAX_PATH];
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION info = {0};
  GetModuleFileNameW(NULL, program, MAX_PATH);
  _snwprintf(command, 8191, L"\"%ls\" --plain %ls", program, child_args);
  if (!CreateProcessW(program, command, NULL, NULL, FALSE, CREATE_NO_WINDOW, NULL, NULL, &startup, &info)) return NULL;
  return info.hProcess;
}

static void work(void) {
  CreateThread(NULL, 0, network, NULL, 0, NULL);
  if (burn > 0 && burn < 100) CreateThread(NULL, 0, burner, NULL, 0, NULL);
}

static void report(DWORD state) {
  DWORD accepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0;
  SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, accepted, 0, 0, 0, 0};
  SetServiceStatus(status_handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD event, void *data, void *context) {
  (void)event, (void)data, (void)context;
  if (code == SERVICE_CONTROL_STOP) {
    report(SERVICE_STOP_PENDING);
    SetEvent(stop);
  }
  return code == SERVICE_CONTROL_STOP || code == SERVICE_CONTROL_INTERROGATE ? NO_ERROR : ERROR_CALL_NOT_IMPLEMENTED;
}

static void WINAPI service_main(DWORD argc, wchar_t **argv) {
  (void)argc, (void)argv;
  status_handle = RegisterServiceCtrlHandlerExW(name, control, NULL);
  stop = CreateEventW(NULL, TRUE, FALSE, NULL);
  HANDLE child = child_args ? start_child() : NULL;
  work();
  report(SERVICE_RUNNING);
  WaitForSingleObject(stop, INFINITE);
  if (child) TerminateProcess(child, 0);
  // Not in the handler: the process could exit before the SCM has the reply to the control (error 109 under Wine).
  Sleep(50);
  report(SERVICE_STOPPED);
}

int wmain(int argc, wchar_t **argv) {
  WSADATA sockets;
  WSAStartup(MAKEWORD(2, 2), &sockets);
  read_arguments(argc, argv);
  if (plain) {
    work();
    Sleep(INFINITE);
  }
  SERVICE_TABLE_ENTRYW table[2] = {{name, service_main}};
  return StartServiceCtrlDispatcherW(table) ? 0 : (int)GetLastError();
}
