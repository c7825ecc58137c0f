<?php

/**
 * The web server of the site: its own files by their names, everything else through WordPress.
 */

declare(strict_types=1);

(static function (): void {
    define('ABSPATH', $_SERVER['DOCUMENT_ROOT'] . '/'); // the site's, though its files are links
})();
$fiscalgatePath = (string) parse_url((string) $_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (substr($fiscalgatePath, -1) === '/' && is_file(ABSPATH . $fiscalgatePath . 'index.php')) {
    $fiscalgatePath .= 'index.php';
}
if (substr($fiscalgatePath, -4) === '.php' && strpos($fiscalgatePath, '..') === false && is_file(ABSPATH . $fiscalgatePath)) {
    $_SERVER['PHP_SELF'] = $_SERVER['SCRIPT_NAME'] = $fiscalgatePath;
    chdir(dirname(ABSPATH . $fiscalgatePath));
    require ABSPATH . ltrim($fiscalgatePath, '/');
    return true;
}
if ($fiscalgatePath !== '/' && is_file(ABSPATH . $fiscalgatePath)) {
    return false;
}
$_SERVER['PHP_SELF'] = $_SERVER['SCRIPT_NAME'] = '/index.php';
require ABSPATH . 'index.php';
