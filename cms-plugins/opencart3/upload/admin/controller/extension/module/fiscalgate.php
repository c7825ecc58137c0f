<?php
declare(strict_types=1);

require_once DIR_SYSTEM . 'library/fiscalgate/sdk/autoload.php';

use Fiscalgate\Sdk\OpenCart\Admin;
use Fiscalgate\Sdk\OpenCart\Generation;
use Fiscalgate\Sdk\OpenCart\Plugin;
use Fiscalgate\Sdk\OpenCart\SettingsPage;
use Fiscalgate\Sdk\OpenCart\Texts;

/**
 * Settings, the tab of an order, installing. What they do is in Admin; here is how OpenCart 3 is asked for it.
 */
class ControllerExtensionModuleFiscalgate extends Controller {
	public function index() {
		$text = $this->texts();
		$this->document->setTitle($text['heading_title']);
		$data = $this->admin()->page($this->hosts(), (int)$this->config->get('config_language_id'), $this->paymentNames(), $text);
		$data['back'] = $this->link('marketplace/extension', '&type=module');
		$data['breadcrumbs'] = array(
			array('text' => $text['text_home'], 'href' => $this->link('common/dashboard')),
			array('text' => $text['text_extension'], 'href' => $data['back']),
			array('text' => $text['heading_title'], 'href' => $this->link($this->route()))
		);
		foreach (array('save', 'check', 'test') as $method) {
			$data[$method] = $this->link($this->route($method));
		}
		foreach (array('header', 'column_left', 'footer') as $part) {
			$data[$part] = $this->load->controller('common/' . $part);
		}
		$this->response->setOutput($this->load->view('extension/module/fiscalgate', $data));
	}

	public function save() {
		$this->answer(function () {
			$admin = $this->admin();
			$settings = $admin->posted($this->request->post, $this->hosts());
			$faults = $admin->faults($settings, $this->texts());
			if ($faults) {
				return $faults;
			}
			$this->load->model('setting/setting');
			$this->model_setting_setting->editSetting(SettingsPage::GROUP, $admin->stored($settings));
			$this->registerEvents();
			return array('success' => $this->texts()['text_saved']);
		});
	}

	public function check() {
		$this->answer(function () {
			$admin = $this->admin();
			return $admin->check($admin->posted($this->request->post, $this->hosts()), $this->texts());
		});
	}

	/** The page then opens the address of the probe: there the shop's own side says whether the event has come. */
	public function test() {
		$this->answer(function () {
			$missing = $this->plugin()->page()->missingEvents();
			if ($missing) {
				$this->registerEvents();
			}
			return $this->admin()->probe($missing, $this->hosts(), $this->texts());
		});
	}

	/** Before admin/view/sale/order_info. */
	public function tab(&$route = '', &$data = array(), &$code = '') {
		if (!isset($data['order_id']) || !$this->user->hasPermission('access', $this->route())) {
			return;
		}
		$this->plugin()->guard()->run(function () use (&$data) {
			$content = $this->panel((int)$data['order_id'], '', false);
			$data['tabs'][] = array('code' => 'fiscalgate', 'title' => $this->texts()['tab_title'], 'content' => $content);
		});
	}

	/** The buttons of the tab. */
	public function act() {
		$this->answer(function () {
			$fault = $this->admin()->act($this->request->post);
			$text = $this->texts();
			$order_id = isset($this->request->post['order_id']) ? (int)$this->request->post['order_id'] : 0;
			return array('html' => $this->panel($order_id, $fault === '' ? '' : $text[$fault], true));
		});
	}

	public function install() {
		if (!$this->user->hasPermission('modify', 'extension/extension/module')) {
			return;
		}
		$this->plugin()->operations()->createTable();
		$this->registerEvents();
		$this->load->model('setting/setting');
		$this->model_setting_setting->editSetting(SettingsPage::GROUP, $this->admin()->first($this->hosts()));
	}

	/** The settings are gone when this is called; what is loaded of them says whether the receipts go too. */
	public function uninstall() {
		if (!$this->user->hasPermission('modify', 'extension/extension/module')) {
			return;
		}
		$this->load->model('setting/event');
		$this->model_setting_event->deleteEventByCode(Generation::CODE);
		$this->admin()->forget((array)$this->config->get(SettingsPage::KEY));
	}

	private function registerEvents() {
		$this->load->model('setting/event');
		$this->model_setting_event->deleteEventByCode(Generation::CODE);
		foreach ($this->plugin()->generation()->events() as $trigger => $action) {
			$this->model_setting_event->addEvent(Generation::CODE, $trigger, $action, 1, Generation::FIRST);
		}
	}

	private function panel($order_id, $message, $is_part) {
		$data = array(
			'panel'      => $this->plugin()->panel()->show($order_id),
			'text'       => $this->texts(),
			'message'    => $message,
			'is_part'    => $is_part,
			'can_modify' => $this->user->hasPermission('modify', $this->route()),
			'act'        => $this->link($this->route('act'))
		);
		return $this->load->view('extension/module/fiscalgate_order', $data);
	}

	/** JSON of what the work gives, for those who may change something here. */
	private function answer($work) {
		$text = $this->texts();
		if (!$this->user->hasPermission('modify', $this->route())) {
			$json = array('error' => $text['error_permission']);
		} else {
			$json = $this->plugin()->guard()->run($work);
		}
		$this->response->addHeader('Content-Type: application/json');
		$this->response->setOutput(json_encode($json === null ? array('error' => $text['error_failed']) : $json));
	}

	private function paymentNames() {
		$names = array();
		foreach (glob(DIR_APPLICATION . 'controller/extension/payment/*.php') as $file) {
			$code = basename($file, '.php');
			$language = new Language($this->config->get('config_admin_language'));
			$language->load('extension/payment/' . $code);
			$names[$code] = $language->get('heading_title');
		}
		return $names;
	}

	private function hosts() {
		$catalog = defined('HTTPS_CATALOG') && HTTPS_CATALOG ? HTTPS_CATALOG : HTTP_CATALOG;
		return array('catalog' => $catalog . 'index.php?route=', 'site' => rtrim($catalog, '/'));
	}

	private function texts() {
		return Texts::read(DIR_LANGUAGE . '*/extension/module/fiscalgate.php', (string)$this->config->get('config_admin_language'));
	}

	private function route($method = '') {
		return $this->plugin()->generation()->route($method);
	}

	private function link($route, $more = '') {
		return str_replace('&amp;', '&', $this->url->link($route, 'user_token=' . $this->session->data['user_token'] . $more, true));
	}

	private function admin() {
		return new Admin($this->plugin());
	}

	private function plugin() {
		$log = new Log('fiscalgate.log');
		return new Plugin($this->db, DB_PREFIX, VERSION, array($log, 'write'));
	}
}
