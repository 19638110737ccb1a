/** Label of the micro guest's root file system, by which it finds it on any bus. */
export const microLabel = 'micro-root';

/** Modules that are needed to find the root disk. */
export const diskModules = ['virtio_pci', 'virtio_blk'];
/** Tried only when the root is on none of the disks above. */
export const scsiModules = ['virtio_scsi', 'sd_mod'];
export const otherModules = [
  ...[
    'virtio_net',
    'virtio_console',
    'virtio_balloon',
    'virtio_mem',
    'virtio-rng',
    'button',
    'evdev',
  ],
  ...[
    'pvpanic-pci',
    ...scsiModules,
    'sr_mod',
    'isofs',
    'vfat',
    'nls_cp437',
    'nls_ascii',
    'nls_utf8',
  ],
];

/**
 * Commands of GRUB's rescue shell: no menu, no module beyond those in its image. `linux16`, because
 * `linux` moves all of the kernel's 54 MiB of memory byte by byte, which takes 2 to 4 s under TCG.
 */
export const grubConfig = `linux16 /boot/vmlinuz console=tty0 console=ttyS0,115200 quiet loglevel=3 random.trust_cpu=on tsc=reliable no_timer_check panic=0
initrd16 /boot/initrd.gz
boot
`;

/** The first program: finds the root file system and goes there. */
export function initramfsInit(first: string[], later: string[]): string {
  const insert = (files: string[]): string =>
    files.map((file) => `insmod /modules/${file}`).join('\n');
  return `#!/bin/sh
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
${insert(first)}
root=$(findfs LABEL=${microLabel})
if [ -z "$root" ]; then
${insert(later)}
  tries=0
  while [ -z "$root" ] && [ $tries -lt 30 ]; do
    usleep 100000
    tries=$((tries + 1))
    root=$(findfs LABEL=${microLabel})
  done
fi 2>/dev/null
if [ -z "$root" ]; then
  for console in /dev/tty0 /dev/ttyS0; do
    echo "The root disk was not found: this guest's kernel knows virtio and SCSI disks only. Change the disk's bus to virtio." > $console
  done
  exec sh
fi
mount -t ext4 -o noatime "$root" /root
mount --move /dev /root/dev
mount --move /proc /root/proc
mount --move /sys /root/sys
exec switch_root /root /sbin/init
`;
}

/** dropbear makes its host keys when they are asked for (-R), and root has no password (-B). */
const inittab = `::sysinit:/etc/rcS
ttyS0::respawn:/sbin/getty -L 115200 ttyS0 vt220
tty1::respawn:/sbin/getty 38400 tty1 linux
::respawn:/sbin/acpid -f
::respawn:/sbin/uevent /etc/uevent.sh
::respawn:/etc/agent.sh
::respawn:/bin/dropbear -F -R -B
::ctrlaltdel:/sbin/reboot
::shutdown:/bin/sync
::shutdown:/bin/umount -a -r
`;

function rcS(modules: string[]): string {
  return `#!/bin/sh
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs tmp /tmp
# Who is logged in, for the guest agent.
: > /run/utmp
# The image may have been made by a user who cannot give files to root.
[ "$(stat -c %u /etc/passwd)" = 0 ] || chown -R 0:0 /bin /etc /lib /lib64 /root /usr /var /www
cd /lib/modules
for module in ${modules.join(' ')}; do
  insmod $module 2>/dev/null
done
cd /
hostname -F /etc/hostname
ifconfig lo up
[ -e /sys/class/net/eth0 ] && /etc/network.sh eth0
# The networks of the others may have nobody who gives addresses: they are not waited for.
for device in /sys/class/net/eth[1-9]*; do
  [ -e "$device" ] && /etc/network.sh "\${device##*/}" &
done
/etc/cloud.sh
httpd -h /www
`;
}

/** Brings up an interface by DHCP. */
const network = `#!/bin/sh
ip link set "$1" up
exec udhcpc -q -n -i "$1" -t 5 -T 1 -O hostname -s /etc/udhcpc.sh > /dev/null 2>&1
`;

const udhcpc = `#!/bin/sh
case "$1" in
deconfig)
  ip addr flush dev "$interface"
  ;;
bound | renew)
  ip addr flush dev "$interface"
  ip addr add "$ip/$mask" dev "$interface"
  [ -n "$router" ] && ip route replace default via "\${router%% *}" dev "$interface" metric "$(cat /sys/class/net/$interface/ifindex)"
  for server in $dns; do echo "nameserver $server"; done > /etc/resolv.conf
  if [ -n "$hostname" ]; then
    hostname "$hostname"
    echo "$hostname" > /etc/hostname
  fi
  ;;
esac
`;

/**
 * cloud-init's NoCloud, as far as it goes without Python: host name, the default user with a name, password
 * and SSH keys, user data that is a script. Without a name the default user is root.
 */
const cloud = `#!/bin/sh
disk=$(findfs LABEL=cidata 2> /dev/null || findfs LABEL=CIDATA 2> /dev/null) || exit 0
mkdir -p /run/cidata
mount -o ro "$disk" /run/cidata || exit 0
value() {
  sed -n "s/^ *\\"\\{0,1\\}$1\\"\\{0,1\\}: *\\"\\{0,1\\}\\([^\\",]*\\)\\"\\{0,1\\},\\{0,1\\} *$/\\1/p" "$2" 2> /dev/null | head -n 1
}
name=$(value local-hostname /run/cidata/meta-data)
asked=$(value hostname /run/cidata/user-data)
name=\${asked:-$name}
if [ -n "$name" ]; then
  hostname "$name"
  echo "$name" > /etc/hostname
fi
instance=$(value instance-id /run/cidata/meta-data)
done=/var/lib/cloud/\${instance:-none}
isNew=
[ -e "$done" ] || isNew=yes
mkdir -p "$done"
user= password=
if [ "$(head -n 1 /run/cidata/user-data 2> /dev/null)" = '#cloud-config' ]; then
  user=$(value user /run/cidata/user-data)
  password=$(value password /run/cidata/user-data)
fi
if [ -n "$user" ] && ! grep -q "^$user:" /etc/passwd; then
  echo "$user:!:1000:1000:$user:/home/$user:/bin/sh" >> /etc/passwd
  echo "$user:x:1000:" >> /etc/group
  mkdir -p -m 700 "/home/$user"
fi
[ -n "$isNew" ] && [ -n "$password" ] && echo "\${user:-root}:$password" | chpasswd
home=$(awk -F: -v user="\${user:-root}" '$1 == user { print $6 }' /etc/passwd)
keys=$(cat /run/cidata/meta-data /run/cidata/user-data 2> /dev/null | grep -oE '(ssh-[a-z0-9]+|ecdsa-[a-z0-9-]+) AAAA[^"]*')
if [ -n "$keys" ]; then
  mkdir -p -m 700 "$home/.ssh"
  echo "$keys" > "$home/.ssh/authorized_keys"
fi
[ -n "$user" ] && chown -R "$user" "$home"
if [ -n "$isNew" ] && [ "$(head -c 2 /run/cidata/user-data)" = '#!' ]; then
  cp /run/cidata/user-data "$done/script"
  chmod 700 "$done/script"
  "$done/script" > "$done/log" 2>&1
fi
umount /run/cidata
`;

/** Devices that come while the guest runs: interfaces get an address, processors are put to work. */
const uevent = `#!/bin/sh
[ "$ACTION" = add ] || exit 0
case "$SUBSYSTEM" in
net) /etc/network.sh "$INTERFACE" ;;
cpu) echo 1 > "/sys$DEVPATH/online" ;;
memory) echo online > "/sys$DEVPATH/state" 2> /dev/null ;;
esac
`;

/** What the guest agent calls to set a password; busybox has passwd alone, which asks. */
const chpasswd = `#!/bin/sh
while IFS=: read -r user password; do
  [ "$1" = -e ] || password=$(mkpasswd -m sha512 "$password")
  awk -F: -v OFS=: -v user="$user" -v hash="$password" '$1 == user { $2 = hash } 1' /etc/passwd > /etc/passwd.new
  mv /etc/passwd.new /etc/passwd
done
`;

/** What the guest agent calls to restart the guest or to switch it off. */
const shutdown = `#!/bin/sh
case " $* " in
*" -r "*) exec reboot ;;
*) exec poweroff ;;
esac
`;

/** The channel has no name under /dev without udev. */
const agent = `#!/bin/sh
for port in /sys/class/virtio-ports/*; do
  if [ "$(cat "$port/name" 2> /dev/null)" = org.qemu.guest_agent.0 ]; then
    exec /bin/qemu-ga -m virtio-serial -p "/dev/\${port##*/}" -t /run -l /dev/null
  fi
done
exec sleep 3600
`;

const page = `#!/bin/sh
name=$(hostname)
up=$(cut -d. -f1 /proc/uptime)
total=$(sed -n 's/MemTotal: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)
free=$(sed -n 's/MemAvailable: *\\([0-9]*\\).*/\\1/p' /proc/meminfo)
printf 'Content-Type: text/html; charset=utf-8\\r\\n\\r\\n'
cat << END
<!doctype html>
<html lang="en"><head><title>$name</title>
<meta name="viewport" content="width=device-width">
<style>body{font:16px sans-serif;max-width:40em;margin:4em auto;padding:0 1em}td{padding:.2em 2em .2em 0}</style>
</head><body><h1>$name</h1><table>
<tr><td>Up for</td><td>$up s</td></tr>
<tr><td>Memory</td><td>$((total / 1024)) MiB, $((free / 1024)) MiB available</td></tr>
<tr><td>Kernel</td><td>$(uname -r)</td></tr>
</table></body></html>
END
`;

/** Text files of the root file system by path; those that begin with \`#!\` are executable. */
export function microFiles(kernelRelease: string, modules: string[]): Record<string, string> {
  return {
    'etc/passwd': 'root::0:0:root:/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
    'etc/hostname': 'micro\n',
    'etc/hosts': '127.0.0.1 localhost\n',
    'etc/issue': 'virtdeck micro guest, kernel \\r\nLog in as root, no password needed.\n\n',
    'etc/os-release': [
      'NAME="virtdeck micro"',
      'ID=virtdeck-micro',
      'ID_LIKE=debian',
      'VERSION_ID="12"',
      'VERSION="12"',
      `PRETTY_NAME="virtdeck micro (Debian kernel ${kernelRelease})"`,
      '',
    ].join('\n'),
    'etc/profile': "export PATH=/bin PS1='$USER@\\h:\\w\\$ '\n",
    'etc/inittab': inittab,
    'etc/rcS': rcS(modules),
    'etc/network.sh': network,
    'etc/udhcpc.sh': udhcpc,
    'etc/cloud.sh': cloud,
    'etc/uevent.sh': uevent,
    'etc/agent.sh': agent,
    'bin/chpasswd': chpasswd,
    'bin/shutdown': shutdown,
    'etc/acpi/PWRF/00000080': '#!/bin/sh\nexec poweroff\n',
    'www/cgi-bin/index.cgi': page,
  };
}
