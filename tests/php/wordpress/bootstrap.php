<?php

/**
 * Starts Debian's WordPress on a database of its own, with the plugin from its zip and fakes in the place of WooCommerce, and
 * loads it into the tests. Other processes of the same site come over HTTP, or as WordpressSite::run.
 */

declare(strict_types=1);

require __DIR__ . '/WordpressSite.php';
require __DIR__ . '/Browser.php';

$fiscalgateSite = FiscalgateWoo\WordpressTests\WordpressSite::start();
$_SERVER['HTTP_HOST'] = parse_url($fiscalgateSite->url, PHP_URL_HOST) . ':' . parse_url($fiscalgateSite->url, PHP_URL_PORT);
$_SERVER['REQUEST_URI'] = '/wp-admin/';
$_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
define('ABSPATH', $fiscalgateSite->folder . '/site/');
define('WP_ADMIN', true);
require ABSPATH . 'wp-load.php';
require ABSPATH . 'wp-admin/includes/admin.php';
require __DIR__ . '/SiteCase.php';
error_reporting(E_ALL & ~E_DEPRECATED); // WordPress 6.1 is older than this PHP
